import { describe, expect, it } from "vitest";
import type { LinkState } from "#sandbox/tab/events.ts";
import {
  type Facts,
  pageStatus,
  pageView,
  type StatusKind,
} from "#sandbox/ui/session/page-state.ts";
import { faviconUrl, pageTitle } from "#sandbox/ui/session/page-title.ts";
import { firstStage, withBootEvent } from "#sandbox/ui/session/boot-stages.ts";
import { capabilities } from "../support/memory-runtime.ts";

const attached: LinkState = { state: "attached", epoch: 1, container: "c" };
const lost: LinkState = { state: "reconnecting", attempt: 2, retryAt: 0, reason: "no heartbeat" };
const ready = { state: "ready" as const, capabilities, root: "/w", ports: [] };
const failed = { state: "error", message: "out of memory" } as const;

const facts = (change: Partial<Facts> = {}): Facts => ({
  opening: { state: "open" },
  link: attached,
  runtime: ready,
  online: true,
  storage: { state: "saved", at: 1 },
  local: true,
  ...change,
});

const cases: [StatusKind, Partial<Facts>, "boot" | "stop" | "workbench"][] = [
  ["opening", { opening: { state: "opening" } }, "boot"],
  ["signed_out", { opening: { state: "signed_out", config: { local: true } } }, "stop"],
  ["unsupported", { opening: { state: "unsupported", missing: ["WebSocket"] } }, "stop"],
  ["no_container", { opening: { state: "no_container", wasDeleted: false } }, "stop"],
  ["unreachable", { opening: { state: "unreachable", message: "refused" } }, "stop"],
  ["booting", { runtime: { state: "booting", stage: "Loading" } }, "boot"],
  ["booting", { runtime: null, link: null }, "boot"],
  ["connecting", { link: { state: "connecting", attempt: 1 } }, "workbench"],
  ["ready", {}, "workbench"],
  ["reconnecting", { link: lost }, "workbench"],
  ["offline", { link: lost, online: false }, "workbench"],
  ["ready", { online: false }, "workbench"],
  ["taken_over", { link: { state: "taken_over" } }, "stop"],
  ["version_changed", { link: { state: "version_changed" } }, "stop"],
  ["signed_out", { link: { state: "signed_out" } }, "stop"],
  ["runtime_error", { runtime: failed }, "stop"],
  ["taken_over", { link: { state: "taken_over" }, runtime: failed }, "stop"],
];

describe("the page's state", () => {
  it.each(cases)("is %s after %j, and shows the %s", (kind, change, view) => {
    const status = pageStatus(facts(change));
    expect(status.kind).toBe(kind);
    expect(pageView(status, false)).toBe(view);
    expect(pageView(status, true)).toBe("workbench");
  });

  it("offers GitHub to who is signed out, but on the person's own machine", () => {
    const signedOut = (local: boolean): Partial<Facts>[] => [
      { opening: { state: "signed_out", config: { local } } },
      { link: { state: "signed_out" }, local },
    ];
    for (const change of signedOut(false)) {
      const { action, note } = pageStatus(facts(change));
      expect(action).toEqual({ does: "sign_in", label: "Sign in with GitHub" });
      expect(note?.lost).not.toContain("npm start");
    }
    for (const change of signedOut(true)) {
      const { action, note } = pageStatus(facts(change));
      expect(action).toBeNull();
      expect(note?.lost).toContain("npm start");
    }
  });

  it.each([
    { link: { state: "deleted" } },
    { link: { state: "deleted" }, runtime: failed },
    { opening: { state: "no_container", wasDeleted: true } },
  ] as Partial<Facts>[])(
    "is deleted after %j, and nothing is left to work with [GONE-3]",
    (change) => {
      const status = pageStatus(facts(change));
      expect(status).toMatchObject({ kind: "deleted", action: { does: "open_own" } });
      expect([pageView(status, false), pageView(status, true)]).toEqual(["stop", "stop"]);
    },
  );

  it.each(cases.filter(([kind]) => !["opening", "booting", "connecting", "ready"].includes(kind)))(
    "says of %s what happened and what it cost",
    (_kind, change) => {
      const { note } = pageStatus(facts(change));
      expect(note?.what).toMatch(/^[A-Z].+/);
      expect(note?.lost).toMatch(/Nothing was|lost|empty|Open the/);
    },
  );

  it.each([
    [{ state: "saved", at: 1 }, /reloading restores the files/],
    [{ state: "unsaved" }, /reloading restores the files/],
    [{ state: "full" }, /lost by a reload: export/],
    [{ state: "unavailable", message: "no room" }, /lost by a reload: export/],
  ] as const)("says truthfully what a reload costs while storage is %j", (storage, words) => {
    const { note } = pageStatus(facts({ link: { state: "version_changed" }, storage }));
    expect(note?.lost).toMatch(words);
  });

  it("tells a tab that gave way whether all was saved", () => {
    const words = (isComplete: boolean) =>
      pageStatus(facts({ link: { state: "taken_over" }, storage: { state: "moved", isComplete } }))
        .note?.lost;
    expect(words(true)).toMatch(/Nothing was lost/);
    expect(words(false)).toMatch(/could not be saved .* export the workspace first/);
  });

  it("offers the one thing to do", () => {
    const action = (change: Partial<Facts>) => pageStatus(facts(change)).action?.does ?? null;
    expect(action({ link: lost })).toBe("try_now");
    expect(action({ link: { state: "taken_over" } })).toBe("take_back");
    expect(action({ link: { state: "version_changed" } })).toBe("reload");
    expect(action({ runtime: failed })).toBe("reload");
    expect(action({})).toBeNull();
  });

  it("makes what others wrote visible in its words", () => {
    const reason = "x\u202ey";
    const { note } = pageStatus(facts({ link: { ...lost, reason } as LinkState }));
    expect(note?.what).toContain("x‹U+202E›y");
    expect(pageTitle(pageStatus(facts()), "a\u202eb", 0)).toBe("a‹U+202E›b · Disco");
  });

  it("stands in the title and the icon", () => {
    expect(pageTitle(pageStatus(facts()), "box", 2)).toBe("2 running · box · Disco");
    expect(pageTitle(pageStatus(facts({ link: lost })), "box", 2)).toBe(
      "Reconnecting · box · Disco",
    );
    expect(pageTitle(pageStatus(facts({ opening: { state: "opening" } })), null, 0)).toBe(
      "Opening · Disco",
    );
    const icons = (["good", "busy", "warn", "bad"] as const).map((tone) =>
      faviconUrl(tone, false, "#123456"),
    );
    expect(new Set(icons).size).toBe(4);
    expect(faviconUrl("good", true, "#123456")).not.toBe(icons[0]);
    expect(icons.every((icon) => icon.startsWith("data:image/svg+xml,"))).toBe(true);
  });
});

describe("the stages of the boot", () => {
  it("stand in order with their times, one open stage per lane", () => {
    let stages = firstStage(0);
    stages = withBootEvent(stages, { kind: "link", link: { state: "connecting", attempt: 1 } }, 10);
    stages = withBootEvent(
      stages,
      { kind: "runtime", runtime: { state: "booting", stage: "Loading" } },
      20,
    );
    stages = withBootEvent(
      stages,
      { kind: "runtime", runtime: { state: "booting", stage: "Loading" } },
      25,
    );
    stages = withBootEvent(stages, { kind: "link", link: attached }, 30);
    stages = withBootEvent(stages, { kind: "runtime", runtime: failed }, 50);
    expect(
      stages.map(({ label, startedAt, endedAt, failed: bad }) => [label, startedAt, endedAt, bad]),
    ).toEqual([
      ["Opening", 0, 10, false],
      ["Connecting to the relay", 10, 30, false],
      ["Loading", 20, 50, true],
    ]);
  });
});
