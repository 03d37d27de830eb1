import { describe, expect, it } from "vitest";
import { incomingHeaders, outgoingHeaders } from "#worker/egress/headers.ts";

describe("headers of another host's answer", () => {
  it("come without those of the connection and of the edge", () => {
    const headers = new Headers({
      "Content-Type": "text/plain",
      "Content-Length": "5",
      Connection: "close, x-hop",
      "X-Hop": "1",
      "CF-Ray": "1",
      "Alt-Svc": "h3",
      Location: "/next",
    });
    headers.append("Set-Cookie", "a=1");
    headers.append("Set-Cookie", "b=2");
    expect(incomingHeaders(headers)).toEqual([
      ["content-length", "5"],
      ["content-type", "text/plain"],
      ["location", "/next"],
      ["set-cookie", "a=1"],
      ["set-cookie", "b=2"],
    ]);
  });

  it.each(["gzip", "br", "GZIP"])("say nothing of a coding that was taken off: %s", (coding) => {
    const headers = new Headers({ "Content-Encoding": coding, "Content-Length": "5" });
    expect(incomingHeaders(headers)).toEqual([]);
  });

  it("keep a coding that is still there", () => {
    const headers = new Headers({ "Content-Encoding": "zstd", "Content-Length": "5" });
    expect(incomingHeaders(headers)).toEqual([
      ["content-encoding", "zstd"],
      ["content-length", "5"],
    ]);
  });
});

it("keeps several headers of one name", () => {
  const headers = outgoingHeaders([
    ["Accept", "a"],
    ["Accept", "b"],
  ]);
  expect(headers.get("accept")).toBe("a, b");
});
