import type { OperationObject, ParameterObject, ResponseObject } from "openapi3-ts/oas31";
import type { Route } from "#protocol/routes.ts";

/** The events, for a person who reads the document: OpenAPI 3.1 has no words for them. */
const EVENTS =
  "Server-sent events (HTML standard, section 9.2); the data of each is JSON. `status`: process_id, status, " +
  "exit_code, cursor; first, and when it changes. `output`: output, dropped (characters before it that " +
  "are not kept), cursor. `end`: the last, as `status` and with reason: `ended`; `time_limit`, come back " +
  "with Last-Event-ID; `failed`, with error. The caller's going away ends the stream, and nothing else.";

const EXAMPLE =
  'id: 0\nevent: status\ndata: {"process_id":"p_0123456789ab","status":"running","exit_code":null,"cursor":0}\n\n' +
  'id: 6\nevent: output\ndata: {"output":"hello\\n","dropped":0,"cursor":6}\n\n' +
  'id: 6.end\nevent: end\ndata: {"reason":"ended","process_id":"p_0123456789ab","status":"exited",' +
  '"exit_code":0,"cursor":6}\n\n';

/** Of a route that starts a command, beside the answer that waits for it. */
const STARTS =
  "The command is started in the background and followed; so `timeout_s` ends nothing, and without `stdin` " +
  "its input is empty unless `background` is true. After a cut, stream_output goes on with the process_id. ";

const contentOf = (description: string) => ({
  "text/event-stream": { schema: { type: "string" as const, description }, example: EXAMPLE },
});

const lastEventId: ParameterObject = {
  name: "Last-Event-ID",
  in: "header",
  required: false,
  description:
    "Id of the last event that came; the stream goes on after it, whatever `cursor` says.",
  schema: { type: "string" },
};

/** An operation whose answer is, or may be, a stream of events; any other as it is. */
export function withEvents({ events, success = 200 }: Route, object: OperationObject) {
  if (events === undefined) return object;
  const { responses = {}, parameters = [] } = object;
  const answer = responses[success] as ResponseObject;
  if (events === "accepted") {
    const both = { ...answer.content, ...contentOf(STARTS + EVENTS) };
    return { ...object, responses: { ...responses, [success]: { ...answer, content: both } } };
  }
  const ended = { description: "The stream had told the end: there is nothing after it." };
  return {
    ...object,
    parameters: [...parameters, lastEventId],
    responses: {
      ...responses,
      [success]: { description: "The events, as they happen.", content: contentOf(EVENTS) },
      204: ended,
    },
  };
}
