import { expect, it } from "vitest";
import { fetchTicket } from "#sandbox/connection/ticket.ts";
import { servePageForTests } from "../../support/answering-server.ts";

const server = await servePageForTests();

function ask(status: number, body: object | string, signal = AbortSignal.timeout(5_000)) {
  server.answers.set("/auth/tickets", { status, body });
  return fetchTicket("c", signal);
}

const answer = { ticket: "t", expires_in_s: 60, websocket_url: "wss://disco.example/relay/c" };

it("returns the ticket and where to use it [OPEN-3]", async () => {
  expect(await ask(200, answer)).toEqual({ ok: true, ticket: "t", url: answer.websocket_url });
});

it("tells apart what stays down and what is tried again", async () => {
  expect(await ask(401, {})).toMatchObject({ ok: false, why: "signed_out" });
  expect(await ask(410, {})).toMatchObject({ ok: false, why: "deleted" });
  expect(await ask(426, {})).toMatchObject({ ok: false, why: "version_changed" });
  expect(await ask(503, "busy")).toMatchObject({ ok: false, why: "failed" });
});

it("takes no answer that is none", async () => {
  for (const body of ["<html>", {}, { ...answer, websocket_url: "https://disco.example" }]) {
    expect(await ask(200, body)).toMatchObject({ ok: false, why: "failed" });
  }
});

it("fails without an exception when nobody answers, or when it was abandoned", async () => {
  expect(await ask(200, answer, AbortSignal.abort())).toMatchObject({ ok: false, why: "failed" });
  await server.close();
  expect(await ask(200, answer)).toMatchObject({ ok: false, why: "failed" });
});
