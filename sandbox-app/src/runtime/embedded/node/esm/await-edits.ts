import type { AnyNode, AwaitExpression, ForOfStatement, TryStatement } from "acorn";
import { helper } from "./names.ts";
import type { Rewriter } from "./rewriter.ts";

/*
 * What makes AsyncLocalStorage survive an await (see `async-context.ts`):
 *
 *   await x              →  resume(capture(), await x)
 *   try { await x } …    →  { const f = capture(); try { … } catch { resume(f); … } }
 *   for await (… of x) … →  { const f = capture(); for await (… of x) { resume(f); … } resume(f); }
 *
 * At the top level of a module `await x` becomes `yield x`: who runs the module waits for what it yields
 * (`run-body.ts`), and so a module begins at once, as ECMA-262 demands. The rare `for await` and
 * `await using` there need an asynchronous generator, which begins a few microtasks later.
 *
 * Lines stay where they are.
 */

export function rewriteAwait(node: AwaitExpression, to: Rewriter): void {
  to.edits.open(node.start, `${helper.resume}(${helper.capture}(),`);
  if (to.isTopLevel) {
    const keyword = (): string => (to.needsAsyncGenerator ? "await" : "yield");
    to.edits.replace(node.start, node.start + "await".length, keyword);
  }
  to.visit(node.argument);
  to.edits.close(node.end, ")");
}

/** A rejected await skips its `resume`: the handlers make up for it. */
export function awaitTry(node: TryStatement, to: Rewriter, walk: () => void): void {
  if (!to.isAsync || !hasAwait(node.block)) {
    walk();
    return;
  }
  to.edits.open(node.start, `{const ${helper.frame}=${helper.capture}();`);
  for (const block of [node.handler?.body, node.finalizer]) {
    if (block) to.edits.open(block.start + 1, `${helper.resume}(${helper.frame});`);
  }
  walk();
  to.edits.close(node.end, "}");
}

/** Only loops without a label: a label must stand right before its loop. */
export function awaitForOf(node: ForOfStatement, to: Rewriter, walk: () => void): void {
  const { body } = node;
  if (!node.await || !to.isAsync || body.type !== "BlockStatement" || to.isLabelled(node)) {
    walk();
    return;
  }
  to.edits.open(node.start, `{const ${helper.frame}=${helper.capture}();`);
  to.edits.open(body.start + 1, `${helper.resume}(${helper.frame});`);
  walk();
  to.edits.close(node.end, `${helper.resume}(${helper.frame})}`);
}

/** Whether an await stands below a node, outside of other functions. */
function hasAwait(node: AnyNode): boolean {
  if (node.type === "AwaitExpression") return true;
  if (node.type === "ForOfStatement" && node.await) return true;
  if (/Function/.test(node.type) || node.type === "StaticBlock") return false;
  for (const key in node) {
    const value: unknown = node[key as keyof AnyNode];
    if (typeof value !== "object" || value === null) continue;
    const children: unknown[] = Array.isArray(value) ? value : [value];
    for (const child of children) {
      const isNode = typeof (child as { type?: unknown } | null)?.type === "string";
      if (isNode && hasAwait(child as AnyNode)) return true;
    }
  }
  return false;
}
