import { type AnyModule, SourceModule } from "./source-module.ts";
import { SyntheticModule } from "./synthetic-module.ts";

/*
 * Evaluation of a linked graph: ECMA-262 16.2.1.5.3, step by step, under its names. Modules run in
 * post-order; those without an await run at once, and what depends on an await waits for it.
 */

let lastAsyncOrder = 0;

/** Evaluate(): null when everything has run at once, else what it waits for. @throws of the modules */
export function evaluate(root: AnyModule): Promise<void> | null {
  if (root instanceof SyntheticModule) {
    root.evaluate();
    return null;
  }
  const isDone = root.status === "evaluating-async" || root.status === "evaluated";
  const module = isDone ? root.root : root;
  if (module.completion !== null) return module.completion.promise;
  const stack: SourceModule[] = [];
  try {
    innerEvaluation(module, stack, 0);
  } catch (error) {
    for (const open of stack) {
      open.status = "evaluated";
      open.failure = { error };
    }
    throw error;
  }
  if (module.status !== "evaluating-async") return null;
  module.completion = Promise.withResolvers();
  return module.completion.promise;
}

/** InnerModuleEvaluation */
function innerEvaluation(module: AnyModule, stack: SourceModule[], start: number): number {
  if (module instanceof SyntheticModule) {
    module.evaluate();
    return start;
  }
  if (module.status === "evaluating-async" || module.status === "evaluated") {
    if (module.failure !== null) throw module.failure.error;
    return start;
  }
  if (module.status === "evaluating") return start;
  module.status = "evaluating";
  module.depth = start;
  module.ancestor = start;
  module.pendingDependencies = 0;
  stack.push(module);
  let index = start + 1;
  for (const requested of module.requested) {
    index = innerEvaluation(requested, stack, index);
    if (requested instanceof SourceModule) dependOn(module, requested);
  }
  if (module.pendingDependencies > 0 || module.hasAwait) {
    module.asyncOrder = ++lastAsyncOrder;
    if (module.pendingDependencies === 0) executeAsync(module);
  } else void module.run();
  if (module.ancestor === module.depth) closeComponent(module, stack);
  return index;
}

function dependOn(module: SourceModule, requested: SourceModule): void {
  if (requested.status === "evaluating") {
    module.ancestor = Math.min(module.ancestor, requested.ancestor);
    if (requested.asyncOrder === null) return;
    waitFor(module, requested);
    return;
  }
  const { root } = requested;
  if (root.failure !== null) throw root.failure.error;
  if (root.asyncOrder !== null && root.status === "evaluating-async") waitFor(module, root);
}

function waitFor(module: SourceModule, requested: SourceModule): void {
  module.pendingDependencies += 1;
  requested.asyncParents.push(module);
}

/** A strongly connected component is complete: its modules share one root. */
function closeComponent(root: SourceModule, stack: SourceModule[]): void {
  for (let module = stack.pop(); module !== undefined; module = stack.pop()) {
    module.status = module.asyncOrder === null ? "evaluated" : "evaluating-async";
    module.root = root;
    if (module === root) return;
  }
}

/** ExecuteAsyncModule */
function executeAsync(module: SourceModule): void {
  module.run()?.then(
    () => asyncFulfilled(module),
    (error: unknown) => asyncRejected(module, error),
  );
}

/** AsyncModuleExecutionFulfilled */
function asyncFulfilled(module: SourceModule): void {
  if (module.status === "evaluated") return;
  module.status = "evaluated";
  module.completion?.resolve();
  const ready: SourceModule[] = [];
  gatherAvailable(module, ready);
  for (const next of ready.toSorted((a, b) => (a.asyncOrder ?? 0) - (b.asyncOrder ?? 0))) {
    if (next.status === "evaluated") continue;
    if (next.hasAwait) executeAsync(next);
    else executeReady(next);
  }
}

function executeReady(module: SourceModule): void {
  try {
    void module.run();
  } catch (error) {
    asyncRejected(module, error);
    return;
  }
  module.status = "evaluated";
  module.completion?.resolve();
}

/** GatherAvailableAncestors */
function gatherAvailable(module: SourceModule, ready: SourceModule[]): void {
  for (const parent of module.asyncParents) {
    if (ready.includes(parent) || parent.root.failure !== null) continue;
    parent.pendingDependencies -= 1;
    if (parent.pendingDependencies > 0) continue;
    ready.push(parent);
    if (!parent.hasAwait) gatherAvailable(parent, ready);
  }
}

/** AsyncModuleExecutionRejected */
function asyncRejected(module: SourceModule, error: unknown): void {
  if (module.status === "evaluated") return;
  module.failure = { error };
  module.status = "evaluated";
  module.completion?.reject(error);
  for (const parent of module.asyncParents) asyncRejected(parent, error);
}
