import { describe, expect, it, vi } from "vitest";
import { DiscoError } from "#protocol/errors.ts";
import { CALL_SETTLE_GRACE_MS } from "#protocol/limits.ts";
import { noContainers } from "#test/support/no-containers.ts";
import { testPrincipal } from "#test/support/principal.ts";
import type { CallContext } from "#worker/operations/context.ts";
import { execute } from "#worker/operations/execute.ts";
import type { Attachment, CallRequest, ContainerLink } from "#worker/relay/link.ts";

const output = { path: ".", entries: [], total: 0, hidden: 0, truncated: false };

interface Scene {
  readonly call?: ContainerLink["call"];
  readonly attachment?: () => Promise<Attachment>;
  readonly context?: Partial<CallContext>;
}

/** A context whose link does what the test says and remembers what it was asked. */
function scene({ call, attachment, context }: Scene = {}) {
  const requests: CallRequest[] = [];
  const link: ContainerLink = {
    container: "c1",
    call: (request, signal) => {
      requests.push(request);
      return call ? call(request, signal) : Promise.resolve(output);
    },
    recent: () => Promise.resolve([]),
    erase: () => Promise.resolve(),
    attachment: attachment ?? (() => Promise.resolve({ attached: false })),
  };
  const all: CallContext = {
    face: "mcp",
    principal: testPrincipal(),
    client: "Claude",
    container: undefined,
    containers: {
      resolve: (_user, named) =>
        named === undefined
          ? Promise.resolve({ id: "c1", name: "default" })
          : Promise.reject(new DiscoError("container_not_found", "None.")),
      of: () => noContainers,
      link: () => link,
    },
    openUrl: "https://disco.example/sandbox",
    previews: "https://p{port}.disco.example",
    ...context,
  };
  return { requests, run: (name: string, raw?: unknown) => execute(name, raw, all) };
}

function failureOf(running: Promise<unknown>): Promise<unknown> {
  return running.catch((error: unknown) => error);
}

describe("execute", () => {
  it("sends the parsed input to the tab, with client and time", async () => {
    const { run, requests } = scene();
    expect(await run("list_files", { depth: "2" })).toEqual(output);
    expect(requests).toEqual([
      {
        operation: "list_files",
        input: { path: ".", depth: 2, limit: 200, all: false },
        client: "Claude",
        timeoutMs: 15_000,
      },
    ]);
  });

  it.each([
    ["unknown_operation", "no_such", {}, {}],
    ["unknown_operation", "toString", {}, {}],
    ["unknown_operation", "list_containers", {}, {}],
    ["invalid_input", "read_file", {}, {}],
    ["container_not_found", "list_files", {}, { container: "c9" }],
  ] as const)("refuses with %s before anything runs", async (code, name, raw, context) => {
    const { run, requests } = scene({ context });
    await expect(run(name, raw)).rejects.toMatchObject({ name: "DiscoError", code });
    expect(requests).toEqual([]);
  });

  it("refuses what the token does not cover, and names the scope", async () => {
    const principal = testPrincipal({ scopes: ["files:read"] });
    const { run, requests } = scene({ context: { principal } });
    await expect(run("write_file", { path: "a", content: "" })).rejects.toMatchObject({
      code: "insufficient_scope",
      details: { scope: "files:write" },
    });
    expect(requests).toEqual([]);
    expect(await run("list_files")).toEqual(output);
  });

  it("adds the URL to open to tab_not_attached", async () => {
    const call = () => Promise.reject(new DiscoError("tab_not_attached", "No tab."));
    await expect(scene({ call }).run("list_files")).rejects.toMatchObject({
      code: "tab_not_attached",
      message: expect.stringContaining("https://disco.example/sandbox"),
      details: { open_url: "https://disco.example/sandbox" },
    });
  });

  it("passes the tab's own errors on", async () => {
    const error = new DiscoError("hash_mismatch", "It changed.", { details: { hash: "x" } });
    const { run } = scene({ call: () => Promise.reject(error) });
    await expect(run("write_file", { path: "a", content: "" })).rejects.toBe(error);
  });

  it("is our mistake when the tab answers another shape, and tells nothing of it", async () => {
    const { run } = scene({ call: () => Promise.resolve({ entries: "secret" }) });
    const error = await run("list_files").catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "internal" });
    expect((error as DiscoError).message).not.toContain("secret");
  });

  it("is our mistake when anything else is thrown", async () => {
    const { run } = scene({ call: () => Promise.reject(new Error("stack with a secret")) });
    await expect(run("list_files")).rejects.toMatchObject({
      code: "internal",
      message: "An unexpected error occurred.",
    });
  });

  it("drops members of an output that the contract does not know", async () => {
    const { run } = scene({ call: () => Promise.resolve({ ...output, extra: 1 }) });
    expect(await run("list_files")).toEqual(output);
  });

  it.each([
    ["list_files", {}, "deadline_exceeded", 15_000],
    ["run_command", { command: "x", timeout_s: 45 }, "outcome_unknown", 44_000],
    ["read_output", { process_id: "x", wait_s: 45 }, "deadline_exceeded", 44_000],
    ["wait_for", { id: "x", timeout_s: 45 }, "deadline_exceeded", 44_500],
  ])(
    "ends %s by itself when the relay never answers [END-1]",
    async (name, raw, code, timeoutMs) => {
      vi.useFakeTimers();
      try {
        let stopped: AbortSignal | undefined;
        const call: ContainerLink["call"] = (_request, signal) => {
          stopped = signal;
          return new Promise(() => {});
        };
        const ended = failureOf(scene({ call }).run(name, raw));
        await vi.advanceTimersByTimeAsync(timeoutMs + CALL_SETTLE_GRACE_MS);
        await ended;
        expect(stopped?.aborted).toBe(true);
        expect(vi.getTimerCount()).toBe(0);
      } finally {
        vi.useRealTimers();
      }
    },
  );

  it("hands the caller's abort to the link, whose word it is", async () => {
    const abort = new AbortController();
    const call: ContainerLink["call"] = (_request, signal) =>
      new Promise((_resolve, reject) => {
        const onAbort = () => reject(new DiscoError("cancelled", "Cancelled."));
        signal?.addEventListener("abort", onAbort);
      });
    const ended = scene({ call, context: { signal: abort.signal } }).run("list_files");
    setTimeout(() => abort.abort(), 5);
    await expect(ended).rejects.toMatchObject({ code: "cancelled" });
  });
});

describe("container_status", () => {
  const attached = (runtime: Extract<Attachment, { attached: true }>["runtime"]) => ({
    attachment: () => Promise.resolve({ attached: true as const, epoch: 1, runtime }),
  });

  it("asks the person to open the page when no tab is there", async () => {
    expect(await scene().run("container_status")).toMatchObject({
      container: "c1",
      state: "waiting_for_tab",
      attached: false,
      open_url: "https://disco.example/sandbox",
      root: null,
    });
  });

  it.each([
    [{ state: "booting", stage: "loading the shell" }, "booting", "loading the shell"],
    [{ state: "error", message: "no memory" }, "error", "no memory"],
  ] as const)("tells the runtime's state: %j", async (runtime, state, detail) => {
    const status = await scene(attached(runtime)).run("container_status");
    expect(status).toMatchObject({ state, attached: true });
    expect(status["detail"]).toContain(detail);
  });

  it("ends in time when the relay does not answer", async () => {
    vi.useFakeTimers();
    try {
      const { run } = scene({ attachment: () => new Promise(() => {}) });
      const ended = failureOf(run("container_status"));
      await vi.advanceTimersByTimeAsync(2_000);
      expect(await ended).toMatchObject({ code: "deadline_exceeded" });
    } finally {
      vi.useRealTimers();
    }
  });
});
