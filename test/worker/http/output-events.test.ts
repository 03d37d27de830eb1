import { expect, it } from "vitest";
import { restRoutes } from "#protocol/routes.ts";
import { asksForEvents } from "#worker/http/output-events.ts";

const routeOf = (id: string) => restRoutes.find((route) => route.id === id)!;
const accepting = (accept: string) => new Headers(accept === "" ? {} : { Accept: accept });

it.each([
  ["text/event-stream", true],
  ["application/json, text/event-stream", true],
  ["Text/Event-Stream;q=0.5, */*", true],
  ["", false],
  ["*/*", false],
  ["application/json", false],
  ["text/event-stream;q=0", false],
  ["text/event-stream; q=0.0, application/json", false],
  ["text/event-streams", false],
])("a command is followed for Accept %j: %s", (accept, asks) => {
  expect(asksForEvents(routeOf("run_command"), accepting(accept))).toBe(asks);
});

it("is never a stream where there is none, and always where there is nothing else", () => {
  expect(asksForEvents(routeOf("read_output"), accepting("text/event-stream"))).toBe(false);
  expect(asksForEvents(routeOf("stream_output"), accepting("application/json"))).toBe(true);
});
