import { DiscoError } from "#protocol/errors.ts";
import { CALL_SETTLE_GRACE_MS, CALL_WAIT_MAX_MS } from "#protocol/limits.ts";
import { isIn, type Operation, timeoutOf } from "#protocol/operation.ts";
import {
  type DirectoryOperationName,
  type EdgeOperationName,
  type OperationName,
  type TabOperationName,
  findOperation,
} from "#protocol/registry.ts";
import { containerUrl, isCurrent } from "./container-url.ts";
import type { CallContext, ContainerRef, DirectoryContext, EdgeContext } from "./context.ts";
import { withDeadline } from "./deadline.ts";
import { directoryHandlers, edgeHandlers } from "./edge-handlers.ts";
import { parseInput } from "./parse-input.ts";
import { checkPolicy } from "./policy.ts";

type NamedOperation = Operation & { name: OperationName };

/**
 * The one way from a face to the outcome of an operation.
 *
 * @param name as the caller wrote it
 * @param raw the arguments as the caller sent them, without `container`
 * @returns the output, parsed with the operation's schema
 * @throws DiscoError and nothing else
 */
export async function execute(
  name: string,
  raw: unknown,
  context: CallContext,
): Promise<Record<string, unknown>> {
  let { openUrl } = context;
  try {
    const operation = findOperation(name);
    if (operation === undefined || !isIn(operation, context.face)) {
      const message = `There is no operation ${JSON.stringify(name.slice(0, 100))}.`;
      throw new DiscoError("unknown_operation", message);
    }
    checkScope(operation, context);
    if (operation.runs === "directory") {
      const input = parseInput(operation, raw);
      checkPolicy(operation);
      return parseOutput(operation, await runInDirectory(operation, input, context));
    }
    const container = await context.containers.resolve(context.principal.user, context.container);
    const isDefault = isCurrent(context.container) && context.principal.session.isDefault;
    if (!isDefault) openUrl = containerUrl(openUrl, container.id);
    const input = parseInput(operation, raw);
    checkPolicy(operation);
    const output = await run(operation, input, container, { ...context, openUrl });
    return parseOutput(operation, output);
  } catch (error) {
    throw withOpenUrl(DiscoError.from(error), openUrl);
  }
}

function checkScope(operation: Operation, { principal }: CallContext): void {
  if (principal.scopes.includes(operation.scope)) return;
  throw new DiscoError(
    "insufficient_scope",
    `${operation.name} needs the scope ${operation.scope}.`,
    { details: { scope: operation.scope } },
  );
}

/** The registry's types tie each name to its input; a name known only at run time cannot. */
type AnyHandler<Context> = (input: unknown, context: Context) => Promise<unknown>;

function runInDirectory(
  operation: NamedOperation,
  input: Record<string, unknown>,
  { containers, principal, container: named, openUrl, signal }: CallContext,
): Promise<unknown> {
  const name = operation.name as DirectoryOperationName;
  const handler = directoryHandlers[name] as AnyHandler<DirectoryContext>;
  const link: DirectoryContext["link"] = (container) => containers.link(container);
  const context = { containers: containers.of(principal.user), named, openUrl, link };
  const late = (): DiscoError => lateError(operation);
  return withDeadline(() => handler(input, context), timeoutOf(operation, input), late, signal);
}

function run(
  operation: NamedOperation,
  input: Record<string, unknown>,
  container: ContainerRef,
  context: CallContext,
): Promise<unknown> {
  const timeoutMs = Math.min(timeoutOf(operation, input), CALL_WAIT_MAX_MS);
  const link = context.containers.link(container.id);
  if (operation.runs === "edge") {
    const handler = edgeHandlers[operation.name as EdgeOperationName] as AnyHandler<EdgeContext>;
    const work = (signal: AbortSignal): Promise<unknown> =>
      handler(input, {
        container,
        link,
        openUrl: context.openUrl,
        previews: context.previews,
        client: context.client,
        scopes: context.principal.scopes,
        signal,
        onProgress: context.onProgress,
      });
    return withDeadline(work, timeoutMs, () => lateError(operation), context.signal);
  }
  const request = {
    operation: operation.name as TabOperationName,
    input,
    client: context.client,
    timeoutMs,
  };
  // The relay ends the call by then; this is the guard for a relay that is gone.
  const guardMs = timeoutMs + CALL_SETTLE_GRACE_MS;
  const work = (signal: AbortSignal): Promise<unknown> =>
    link.call(request, signal, context.onProgress);
  return withDeadline(work, guardMs, () => lateError(operation), context.signal);
}

function lateError(operation: Operation): DiscoError {
  return operation.hints.readOnly
    ? new DiscoError("deadline_exceeded", `${operation.name} did not answer in time.`)
    : new DiscoError("outcome_unknown", `${operation.name} did not answer in time.`);
}

function parseOutput(operation: Operation, output: unknown): Record<string, unknown> {
  const result = operation.output.safeParse(output);
  if (result.success) return result.data;
  throw new DiscoError(
    "internal",
    `${operation.name} returned an output that it must not return.`,
    {
      cause: result.error,
    },
  );
}

/** Only the edge knows the URL of the page, so it is added to the relay's error here. */
function withOpenUrl(error: DiscoError, openUrl: string): DiscoError {
  if (error.code !== "tab_not_attached") return error;
  return new DiscoError(
    "tab_not_attached",
    `The sandbox page of this container (${openUrl}) is not open.`,
    { details: { ...error.details, open_url: openUrl }, cause: error },
  );
}
