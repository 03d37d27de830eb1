import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { RuntimeState } from "#protocol/capabilities.ts";
import { PROCESS_WAIT_MAX_MS, WAIT_MAX_S } from "#protocol/limits.ts";
import { scopes } from "#protocol/operation.ts";
import { readyRuntime } from "#test/support/scripted-tab.ts";
import { waitFor } from "#worker/operations/wait-for.ts";
import type { ContainerLink } from "#worker/relay/link.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

let attached: RuntimeState | undefined;
beforeEach(() => {
  attached = undefined;
});

function scene(call: ContainerLink["call"] = () => Promise.reject(new Error("Nobody calls."))) {
  const abort = new AbortController();
  const link: ContainerLink = {
    container: "c",
    call,
    recent: () => Promise.resolve([]),
    erase: () => Promise.resolve(),
    attachment: () =>
      Promise.resolve(
        attached === undefined
          ? { attached: false }
          : { attached: true, epoch: 1, runtime: attached },
      ),
  };
  const context = {
    container: { id: "c", name: "c" },
    link,
    openUrl: "",
    previews: "",
    client: "test",
    scopes,
    signal: abort.signal,
  };
  const wait = (id: string, timeout_s = WAIT_MAX_S) => waitFor({ id, timeout_s }, context);
  return { abort, wait };
}

it("waits for the page until it is ready, and not only open", async () => {
  const waiting = scene().wait("tab");
  await vi.advanceTimersByTimeAsync(3_000);
  attached = { state: "booting", stage: "files" };
  await vi.advanceTimersByTimeAsync(3_000);
  attached = readyRuntime;
  await vi.advanceTimersByTimeAsync(500);
  expect(await waiting).toEqual({ id: "tab", state: "ready", result: null });
});

it("does not wait for a page that failed", async () => {
  attached = { state: "error", message: "no memory" };
  expect(await scene().wait("tab")).toMatchObject({ state: "error" });
});

it("ends when the time is over, and says how the page stands", async () => {
  const waiting = scene().wait("tab");
  await vi.advanceTimersByTimeAsync(PROCESS_WAIT_MAX_MS);
  expect(await waiting).toMatchObject({ state: "waiting_for_tab" });
  expect(await scene().wait("tab", 0)).toMatchObject({ state: "waiting_for_tab" });
});

it("ends when its caller goes away", async () => {
  const { abort, wait } = scene();
  const waiting = wait("tab");
  await vi.advanceTimersByTimeAsync(700);
  abort.abort();
  expect(await waiting).toMatchObject({ state: "waiting_for_tab" });
});

it.each([
  [{ status: "running", exit_code: null }, null],
  [{ status: "exited", exit_code: 3 }, { exit_code: 3 }],
  [{ status: "killed", exit_code: null }, { exit_code: null }],
] as const)("tells how a process stands: %j", async (standing, result) => {
  const read = { output: "x", cursor: 1, remaining: 0, dropped: 0 };
  const call = vi.fn<ContainerLink["call"]>(() => Promise.resolve({ ...standing, ...read }));
  const waited = await scene(call).wait("p_1", 7);
  expect(waited).toEqual({ id: "p_1", state: standing.status, result });
  expect(call.mock.calls[0]?.[0]).toMatchObject({
    operation: "read_output",
    input: { process_id: "p_1", wait_s: 7, until: "exit" },
    timeoutMs: 10_000,
  });
});
