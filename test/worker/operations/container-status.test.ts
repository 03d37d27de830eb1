import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { DiscoError } from "#protocol/errors.ts";
import type { RuntimeState } from "#protocol/capabilities.ts";
import { type Scope, scopes as allScopes } from "#protocol/operation.ts";
import { registry } from "#protocol/registry.ts";
import { cleanStatus } from "#test/support/git-answers.ts";
import { readyRuntime } from "#test/support/scripted-tab.ts";
import { containerStatus } from "#worker/operations/container-status.ts";
import type { CallRequest, ContainerLink } from "#worker/relay/link.ts";
import type { RecentCall } from "#worker/relay/recent-calls.ts";

const NOW = 1_700_000_000_000;

beforeEach(() => {
  vi.useFakeTimers({ now: NOW });
});
afterEach(() => {
  vi.useRealTimers();
});

const server = {
  id: "p_1",
  pid: 7,
  command: "node server.js",
  status: "running",
  exit_code: null,
  client: "Claude",
  started: "2026-01-02T03:04:05.000Z",
  ports: [3_000],
  memory: null,
};
const repository = { ...cleanStatus, untracked: ["a", "b/"], total: 2 };
const answers: Partial<Record<string, Record<string, unknown>>> = {
  list_processes: { processes: [server] },
  git_status: repository,
};
const wrote: RecentCall = {
  operation: "write_file",
  client: "Claude",
  summary: "Wrote a.txt",
  outcome: "done",
  at: NOW - 61_400,
};
const ran: RecentCall = { ...wrote, operation: "run_command", summary: "Ran npm test" };

interface Scene {
  readonly runtime?: RuntimeState | null;
  readonly runtimeNow?: () => RuntimeState | null;
  readonly call?: ContainerLink["call"];
  readonly recent?: readonly RecentCall[];
  readonly scopes?: readonly Scope[];
}

function scene(given: Scene = {}) {
  const { runtime = readyRuntime, call, recent = [], scopes = allScopes } = given;
  const { runtimeNow = () => runtime } = given;
  const requests: CallRequest[] = [];
  const link: ContainerLink = {
    container: "c",
    call: (request, signal) => {
      requests.push(request);
      return call ? call(request, signal) : Promise.resolve(answers[request.operation] ?? {});
    },
    attachment: () => {
      const now = runtimeNow();
      return Promise.resolve(
        now === null ? { attached: false } : { attached: true, epoch: 1, runtime: now },
      );
    },
    recent: () => Promise.resolve(recent),
    erase: () => Promise.resolve(),
  };
  const { signal } = new AbortController();
  const rest = { openUrl: "https://d.example/sandbox", previews: "https://p{port}.d.example" };
  const context = {
    container: { id: "c", name: "c" },
    link,
    client: "me",
    scopes,
    signal,
    ...rest,
  };
  const status = async () => registry.container_status.output.parse(await containerStatus(context));
  return { requests, status };
}

describe("container_status, for a client that carries on", () => {
  it("tells what runs, without a call that the page would show", async () => {
    const { requests, status } = scene();
    expect(await status()).toMatchObject({
      root: "/workspace",
      cwd: "/workspace",
      branch: "main",
      dirty_files: 2,
      processes: [
        { id: "p_1", pid: 7, command: "node server.js", client: "Claude", ports: [3_000] },
      ],
    });
    expect(requests).toMatchObject([
      { operation: "list_processes", client: "" },
      { operation: "git_status", client: "", input: { path: ".", diff: false, log: 0 } },
    ]);
  });

  it("knows no branch where there is no repository, and tells the rest all the same", async () => {
    const call: ContainerLink["call"] = ({ operation }) =>
      operation === "git_status"
        ? Promise.reject(new DiscoError("not_a_repository", "There is none."))
        : Promise.resolve(answers[operation] ?? {});
    expect(await scene({ call }).status()).toMatchObject({
      branch: null,
      dirty_files: null,
      processes: [{ id: "p_1" }],
    });
  });

  it("tells a few of them, those that run, each in short", async () => {
    const ended = { ...server, status: "exited", exit_code: 0 };
    const many = Array.from({ length: 40 }, () => ({ ...server, command: "x".repeat(999) }));
    const call = () => Promise.resolve({ processes: [ended, ...many] });
    const { processes } = await scene({ call }).status();
    expect(processes).toHaveLength(10);
    expect(processes?.[0]?.command).toHaveLength(160);
  });

  it.each([
    ["fails", () => Promise.reject(new Error("The tab is lost."))],
    ["answers nonsense", () => Promise.resolve({ processes: 7 })],
  ])("says that it does not know them when the tab %s", async (_how, call) => {
    expect(await scene({ call }).status()).toMatchObject({ state: "ready", processes: null });
  });

  it("notices a tab that goes while it is asked", async () => {
    let runtime: RuntimeState | null = readyRuntime;
    const call = () => {
      runtime = null;
      return Promise.reject(new Error("The tab is lost."));
    };
    expect(await scene({ call, runtimeNow: () => runtime }).status()).toMatchObject({
      state: "waiting_for_tab",
      attached: false,
    });
  });

  it("asks no tab that is not ready", async () => {
    for (const runtime of [null, { state: "booting", stage: "" } as const]) {
      const { requests, status } = scene({ runtime });
      expect((await status()).processes).toBeNull();
      expect(requests).toEqual([]);
    }
  });

  it("tells what happened lately, and how long ago", async () => {
    const { recent } = await scene({ recent: [wrote, ran] }).status();
    expect(recent).toEqual([
      { client: "Claude", summary: "Wrote a.txt", outcome: "done", age_s: 61 },
      { client: "Claude", summary: "Ran npm test", outcome: "done", age_s: 61 },
    ]);
  });

  it("tells nobody of what their scopes do not allow", async () => {
    const some = ["containers:read", "files:write"] as const;
    const { requests, status } = scene({ recent: [wrote, ran], scopes: some });
    const { recent, processes } = await status();
    expect(recent.map(({ summary }) => summary)).toEqual(["Wrote a.txt"]);
    expect([processes, requests]).toEqual([null, []]);
    const { requests: asked, status: look } = scene({ scopes: ["containers:read", "git:read"] });
    expect(await look()).toMatchObject({ processes: null, branch: "main" });
    expect(asked.map(({ operation }) => operation)).toEqual(["git_status"]);
    const none = await scene({ recent: [wrote, ran], scopes: ["containers:read"] }).status();
    expect(none.recent).toEqual([]);
  });
});
