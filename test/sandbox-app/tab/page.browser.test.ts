import { afterEach, expect, it } from "vitest";
import { holdLock } from "#sandbox/tab/keep-awake.ts";
import { missingRequirements } from "#sandbox/tab/requirements.ts";
import { takeClaim } from "#sandbox/tab/sign-in.ts";
import { until } from "#test/support/until.ts";

const address = location.href;
afterEach(() => history.replaceState(null, "", address));

it("takes the claim out of the address, and leaves the rest of it", () => {
  history.replaceState({ kept: 1 }, "", "?panel=files#claim=a.b-c_d%3D");
  expect(takeClaim()).toBe("a.b-c_d=");
  expect([location.search, location.hash, history.state]).toEqual([
    "?panel=files",
    "",
    { kept: 1 },
  ]);
  expect(takeClaim()).toBeUndefined();
});

it("leaves an address without a claim alone", () => {
  history.replaceState(null, "", "#section");
  expect(takeClaim()).toBeUndefined();
  expect(location.hash).toBe("#section");
});

it("finds nothing missing in this browser, and names what another lacks", () => {
  expect(missingRequirements()).toEqual([]);
  const poor = { isSecureContext: true, crossOriginIsolated: false, Worker, WebSocket };
  expect(missingRequirements(poor as unknown as typeof globalThis)).toEqual([
    "cross-origin isolation",
    "SharedArrayBuffer",
  ]);
});

it("holds the lock until the signal, also beside another tab of the container", async () => {
  const held = async () => {
    const { held: locks = [] } = await navigator.locks.query();
    return locks.filter(({ name }) => name === "disco.tab.c").length;
  };
  const [first, second] = [new AbortController(), new AbortController()];
  holdLock("disco.tab.c", first.signal);
  holdLock("disco.tab.c", second.signal);
  await until(async () => expect(await held()).toBe(2));
  first.abort();
  await until(async () => expect(await held()).toBe(1));
  second.abort();
  await until(async () => expect(await held()).toBe(0));
});
