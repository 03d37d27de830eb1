import { afterAll, beforeAll, expect, it } from "vitest";
import { fetchConfig, identify, NoContainerError, UnreachableError } from "#sandbox/tab/sign-in.ts";
import { startAnsweringServer } from "../../support/answering-server.ts";
import { actAsPage, type PageGlobals } from "../../support/page-globals.ts";

let server: Awaited<ReturnType<typeof startAnsweringServer>>;
let page: PageGlobals;

beforeAll(async () => {
  server = await startAnsweringServer();
  page = actAsPage("http://disco.localhost", server.url);
});
afterAll(async () => {
  page.restore();
  await server.close();
});

const identity = { user: { id: "u", name: "Ann" }, container: { id: "c", name: "main" } };

it("signs in with the claim, and needs no second question", async () => {
  server.answers.set("/auth/sign-in", { status: 200, body: identity });
  expect(await identify("claim")).toEqual(identity);
});

it("falls back to the earlier sign-in when the claim is refused", async () => {
  server.answers.set("/auth/sign-in", { status: 401, body: {} });
  server.answers.set("/auth/me", { status: 200, body: identity });
  expect(await identify("old claim")).toEqual(identity);
  server.answers.set("/auth/me", { status: 401, body: {} });
  expect(await identify("old claim")).toBeUndefined();
});

it("asks for the container that the address names, also after a claim", async () => {
  const named = { ...identity, container: { id: "c 2", name: "second" } };
  server.answers.set("/auth/sign-in", { status: 200, body: identity });
  server.answers.set("/auth/me?container=c%202", { status: 200, body: named });
  expect(await identify(undefined, "c 2")).toEqual(named);
  expect(await identify("claim", "c 2")).toEqual(named);
});

it("tells a container that was deleted from one that never was [GONE-3]", async () => {
  for (const [status, wasDeleted] of [
    [410, true],
    [404, false],
  ] as const) {
    server.answers.set("/auth/me?container=c3", { status, body: {} });
    const error = await identify(undefined, "c3").catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(NoContainerError);
    expect(error).toMatchObject({ wasDeleted });
  }
});

it("says what the worker answered when it cannot tell who is signed in", async () => {
  server.answers.set("/auth/sign-in", { status: 503, body: {} });
  await expect(identify("claim")).rejects.toThrow("/auth/sign-in with 503");
  server.answers.set("/auth/me", { status: 200, body: "<html>" });
  await expect(identify(undefined)).rejects.toThrow("/auth/me could not be read");
});

it("says that the worker is not reached", async () => {
  await expect(fetchConfig()).rejects.toThrow("/config with 404");
  await server.close();
  await expect(fetchConfig()).rejects.toThrow(UnreachableError);
});
