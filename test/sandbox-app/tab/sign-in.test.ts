import { expect, it } from "vitest";
import { identify, NoContainerError, UnreachableError } from "#sandbox/tab/sign-in.ts";
import { servePageForTests } from "../../support/answering-server.ts";

const server = await servePageForTests();

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
  expect(await identify("old claim")).toBeNull();
});

it("asks nobody for what the document told, but trades a claim all the same", async () => {
  server.answers.set("/auth/sign-in", { status: 401, body: {} });
  server.answers.set("/auth/me", { status: 500, body: {} });
  expect(await identify(undefined, { told: identity })).toEqual(identity);
  expect(await identify(undefined, { told: null })).toBeNull();
  expect(await identify("old claim", { told: identity })).toEqual(identity);
  const other = { ...identity, user: { id: "u2", name: "Bo" } };
  server.answers.set("/auth/sign-in", { status: 200, body: other });
  expect(await identify("claim", { told: identity })).toEqual(other);
});

it("asks for the container that the address names, also after a claim", async () => {
  const named = { ...identity, container: { id: "c 2", name: "second" } };
  server.answers.set("/auth/sign-in", { status: 200, body: identity });
  server.answers.set("/auth/me?container=c%202", { status: 200, body: named });
  expect(await identify(undefined, { named: "c 2" })).toEqual(named);
  expect(await identify("claim", { named: "c 2", told: null })).toEqual(named);
});

it("tells a container that was deleted from one that never was [GONE-3]", async () => {
  for (const [status, wasDeleted] of [
    [410, true],
    [404, false],
  ] as const) {
    server.answers.set("/auth/me?container=c3", { status, body: {} });
    const error = await identify(undefined, { named: "c3" }).catch((thrown: unknown) => thrown);
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
  await server.close();
  await expect(identify(undefined)).rejects.toThrow(UnreachableError);
});
