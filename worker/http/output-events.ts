import { DiscoError } from "#protocol/errors.ts";
import { OUTPUT_READ_MAX_CHARS } from "#protocol/limits.ts";
import type { OperationOutput } from "#protocol/registry.ts";
import type { Route } from "#protocol/routes.ts";
import type { CallContext } from "../operations/context.ts";
import { execute } from "../operations/execute.ts";
import { FOLLOW_MAX_MS, followOutput, type OutputEvent, type OutputPart } from "./follow-output.ts";
import { eventStream, type ServerEvent } from "./event-stream.ts";
import { readInput } from "./rest-input.ts";

/** Milliseconds after which a browser comes back to a stream that was cut, or whose time was over. */
const RETRY_MS = 1_000;

/** Milliseconds after its time in which a caller may still take what a stream has for it. */
const TAKE_MAX_MS = 60_000;

/** A cursor; with the mark when the stream had told the command's end. */
const EVENT_ID = /^(\d{1,15})(\.end)?$/;

/** The output of a command, from a character on. */
interface Followed {
  readonly process: string;
  readonly cursor: unknown;
  /** Whose call the first look is; empty when another call of the client has been shown. */
  readonly client: string;
}

/** Whether the answer is a stream of events (RFC 9110, section 12.5.1). */
export function asksForEvents({ events }: Route, headers: Headers): boolean {
  if (events !== "accepted") return events === "always";
  const types = (headers.get("Accept") ?? "").toLowerCase().split(",");
  return types.some((type) => /^\s*text\/event-stream\s*(?:;(?!\s*q=0(?:\.0+)?\s*$)|$)/.test(type));
}

/**
 * Answers with a command's output as it comes: of a command that runs, or of one that the request
 * starts. What cannot be read at all is an error of the request; what goes wrong later ends the stream.
 *
 * @param newCall authenticates the request anew
 * @throws DiscoError
 */
export async function answerWithEvents(
  route: Route,
  request: Request,
  newCall: () => Promise<CallContext>,
): Promise<Response> {
  const call = await newCall();
  const input = (await readInput(route, request)) as Readonly<Record<string, unknown>>;
  const last = lastEventOf(request.headers);
  // Tells a browser not to come back (HTML standard, 9.2.3): there is nothing after the end.
  if (last?.isEnd) return new Response(null, { status: 204 });
  const followed: Followed =
    route.operation.name === "run_command"
      ? await startCommand(input, call)
      : {
          process: input["process_id"] as string,
          cursor: last?.cursor ?? input["cursor"] ?? 0,
          client: call.client,
        };
  const abort = new AbortController();
  const look = async (cursor: unknown, wait_s: number, by: CallContext): Promise<OutputPart> => {
    const given = {
      process_id: followed.process,
      cursor,
      wait_s,
      max_chars: OUTPUT_READ_MAX_CHARS,
    };
    return (await execute("read_output", given, { ...by, signal: abort.signal })) as OutputPart;
  };
  const first = await look(followed.cursor, 0, { ...call, client: followed.client });
  const headers = {
    "Content-Type": "text/event-stream",
    "Cache-Control": "no-store, no-transform",
    // What nginx and its like would otherwise hold back.
    "X-Accel-Buffering": "no",
  };
  if (request.method === "HEAD") return new Response(null, { headers });
  const events = followOutput({
    first,
    // The client asked once, so the page shows one call [CALL-11]; who it is, is looked at each time.
    look: async (cursor, waitS) => look(cursor, waitS, { ...(await newCall()), client: "" }),
    signal: abort.signal,
  });
  const body = eventStream({
    events: shown(events, followed.process),
    retryMs: RETRY_MS,
    maxMs: FOLLOW_MAX_MS + TAKE_MAX_MS,
    onEnd: () => abort.abort(new DiscoError("cancelled", "The stream has ended.")),
  });
  return new Response(body, { headers });
}

/** Starts the command, whose caller follows it; so it ends its input as if its caller waited. */
async function startCommand(
  input: Readonly<Record<string, unknown>>,
  call: CallContext,
): Promise<Followed> {
  const stdin = input["background"] === true ? {} : { stdin: "" };
  const given = { ...stdin, ...input, background: true };
  const ran = (await execute("run_command", given, call)) as OperationOutput<"run_command">;
  return { process: ran.process_id ?? "", cursor: 0, client: "" };
}

/** @throws DiscoError `invalid_input` */
function lastEventOf(headers: Headers): { cursor: number; isEnd: boolean } | undefined {
  const id = headers.get("Last-Event-ID");
  if (id === null || id === "") return undefined;
  const [, cursor, end] = EVENT_ID.exec(id) ?? [];
  if (cursor !== undefined) return { cursor: Number(cursor), isEnd: end !== undefined };
  const wants = "wants the id of an event of this stream";
  const details = { issues: [{ argument: "Last-Event-ID", wants }] };
  throw new DiscoError("invalid_input", `Last-Event-ID ${wants}.`, { details });
}

async function* shown(
  events: AsyncGenerator<OutputEvent, void, void>,
  process_id: string,
): AsyncGenerator<ServerEvent, void, void> {
  for await (const event of events) yield serverEvent(event, process_id);
}

/** The id is where a caller that comes back goes on, so that it gets each character once. */
function serverEvent(told: OutputEvent, process_id: string): ServerEvent {
  const { type: event, cursor } = told;
  const id = String(cursor);
  if (told.type === "output") {
    const { output, dropped } = told;
    return { event, id, data: { output, dropped, cursor } };
  }
  const { status, exit_code } = told;
  const standing = { process_id, status, exit_code, cursor };
  if (told.type === "status") return { event, id, data: standing };
  const { reason } = told;
  if (reason !== "failed") {
    return { event, id: reason === "ended" ? `${id}.end` : id, data: { reason, ...standing } };
  }
  const { code, message, kind } = told.error;
  const { retryable, next } = kind;
  return { event, id, data: { reason, ...standing, error: { code, message, retryable, next } } };
}
