import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CloseCode } from "#protocol/frames.ts";
import {
  HEARTBEAT_INTERVAL_MS,
  HEARTBEAT_LOST_MS,
  RECONNECT_MAX_MS,
  RECONNECT_MIN_MS,
} from "#protocol/limits.ts";
import {
  ATTEMPT_TIMEOUT_MS,
  backOffMs,
  describeLink,
  type Link,
  type LinkEffect,
  type LinkEvent,
  PROBE_TIMEOUT_MS,
  STABLE_AFTER_MS,
  stepLink,
} from "#sandbox/connection/link-machine.ts";

/** Plays events against the machine at a time that the test sets. */
class Play {
  link: Link = { state: "stopped" };
  now = 1_000_000;
  random = 0.5;
  effects: LinkEffect[] = [];

  send(event: LinkEvent): this {
    const step = stepLink(this.link, event, { now: this.now, random: this.random });
    this.link = step.link;
    this.effects = [...step.effects];
    return this;
  }
  get attempt(): number {
    return "attempt" in this.link ? this.link.attempt : 0;
  }
  /** Lets time pass up to the machine's next step. */
  wake(): this {
    if ("wakeAt" in this.link) this.now = this.link.wakeAt;
    return this.send({ type: "tick" });
  }
  attach(): this {
    if (this.link.state === "stopped") this.send({ type: "start" });
    const { attempt } = this;
    this.send({ type: "ticket", attempt, ticket: "t", url: "ws://x" });
    this.send({ type: "opened", attempt });
    return this.send({ type: "welcomed", attempt, epoch: 7, container: "c" });
  }
  close(code: number): this {
    return this.send({ type: "closed", attempt: this.attempt, code });
  }
}

describe("opening", () => {
  it("goes from ticket to socket to hello to welcome [OPEN-1] [HELLO-1]", () => {
    const play = new Play().send({ type: "start" });
    expect(play.effects).toEqual([{ type: "fetch_ticket", attempt: 1 }]);
    play.send({ type: "ticket", attempt: 1, ticket: "t", url: "ws://x" });
    expect(play.effects).toEqual([{ type: "open", attempt: 1, ticket: "t", url: "ws://x" }]);
    play.send({ type: "opened", attempt: 1 });
    expect(play.effects).toEqual([{ type: "send_hello", attempt: 1 }]);
    play.send({ type: "welcomed", attempt: 1, epoch: 3, container: "c" });
    expect(describeLink(play.link)).toEqual({ state: "attached", epoch: 3, container: "c" });
  });

  it("gives an attempt up that takes too long, and tries again", () => {
    const play = new Play().send({ type: "start" }).wake();
    expect(play.now).toBe(1_000_000 + ATTEMPT_TIMEOUT_MS);
    expect(play.effects).toEqual([{ type: "abandon", attempt: 1, code: CloseCode.silent }]);
    expect(play.link.state).toBe("waiting");
    play.wake();
    expect(play.effects).toEqual([{ type: "fetch_ticket", attempt: 2 }]);
  });

  it("is not moved by what an abandoned attempt still says", () => {
    const play = new Play().send({ type: "start" }).wake().wake();
    const before = play.link;
    play.send({ type: "ticket", attempt: 1, ticket: "late", url: "ws://x" });
    expect([play.link, play.effects]).toEqual([before, []]);
  });
});

describe("staying down", () => {
  it("stays down when another tab took over, until it is taken back [HELLO-4]", () => {
    const play = new Play().attach().close(CloseCode.takenOver);
    expect(describeLink(play.link)).toEqual({ state: "taken_over" });
    for (const type of ["tick", "online", "reconnect_now", "start"] as const) {
      expect(play.send({ type }).effects).toEqual([]);
    }
    expect(play.send({ type: "take_back" }).effects).toEqual([
      { type: "fetch_ticket", attempt: 2 },
    ]);
  });

  it("stays down for ever when the container was deleted [GONE-1] [GONE-3]", () => {
    const closed = new Play().attach().close(CloseCode.deleted);
    const refused = new Play().send({ type: "start" });
    const why = { why: "deleted", reason: "It is gone." } as const;
    refused.send({ type: "ticket_refused", attempt: 1, ...why });
    for (const play of [closed, refused]) {
      expect(describeLink(play.link)).toEqual({ state: "deleted" });
      for (const type of ["tick", "online", "reconnect_now", "take_back", "start"] as const) {
        expect(play.send({ type }).effects).toEqual([]);
      }
    }
  });

  it("stays down for ever when the version changed [HELLO-3]", () => {
    const play = new Play().attach().close(CloseCode.versionMismatch);
    expect(describeLink(play.link)).toEqual({ state: "version_changed" });
    for (const type of ["tick", "online", "reconnect_now", "take_back", "start"] as const) {
      expect(play.send({ type }).effects).toEqual([]);
    }
  });

  it("stays down without a sign-in, until the person asks", () => {
    const play = new Play().send({ type: "start" });
    play.send({ type: "ticket_refused", attempt: 1, why: "signed_out", reason: "" });
    expect(describeLink(play.link)).toEqual({ state: "signed_out" });
    expect(play.send({ type: "online" }).effects).toEqual([]);
    expect(play.send({ type: "reconnect_now" }).effects).toHaveLength(1);
  });
});

describe("heartbeat", () => {
  it("pings every HEARTBEAT_INTERVAL_MS while it is answered [BEAT-1]", () => {
    const play = new Play().attach();
    for (let beat = 1; beat <= 5; beat++) {
      const before = play.now;
      play.wake();
      expect(play.now - before).toBe(HEARTBEAT_INTERVAL_MS);
      expect(play.effects).toEqual([{ type: "ping", attempt: 1 }]);
      play.send({ type: "heard", attempt: 1 });
    }
  });

  it("closes and reconnects when it hears nothing [BEAT-3]", () => {
    const play = new Play().attach();
    const since = play.now;
    while (play.link.state === "attached") play.wake();
    expect(play.now - since).toBe(HEARTBEAT_LOST_MS);
    expect(play.effects).toEqual([{ type: "abandon", attempt: 1, code: CloseCode.silent }]);
    expect(describeLink(play.link)).toMatchObject({ state: "reconnecting", attempt: 2 });
  });

  it("asks for a sign of life at once when the network is back", () => {
    const play = new Play().attach().send({ type: "online" });
    expect(play.effects).toEqual([{ type: "ping", attempt: 1 }]);
    const since = play.now;
    play.wake();
    expect([play.link.state, play.now - since]).toEqual(["waiting", PROBE_TIMEOUT_MS]);
    play.send({ type: "online" });
    expect(play.effects).toEqual([{ type: "fetch_ticket", attempt: 2 }]);
  });

  it("closes with 4400 on what is no frame, and comes again [FRAME-2]", () => {
    const play = new Play().attach().send({ type: "broken", attempt: 1, reason: "no JSON" });
    expect(play.effects).toEqual([{ type: "abandon", attempt: 1, code: CloseCode.badFrame }]);
    expect(play.link.state).toBe("waiting");
  });
});

describe("back-off", () => {
  it("draws between RECONNECT_MIN_MS and RECONNECT_MAX_MS with full jitter [BEAT-3]", () => {
    fc.assert(
      fc.property(
        fc.nat(2_000),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (failures, random) => {
          const delay = backOffMs(failures, random);
          expect(delay).toBeGreaterThanOrEqual(RECONNECT_MIN_MS);
          expect(delay).toBeLessThanOrEqual(RECONNECT_MAX_MS);
        },
      ),
    );
    expect(backOffMs(20, 0)).toBe(RECONNECT_MIN_MS);
    expect(backOffMs(20, 0.999_999)).toBe(RECONNECT_MAX_MS);
  });

  it("grows while a relay drops the tab at once, and starts anew after a stable time", () => {
    const play = new Play();
    for (let turn = 1; turn <= 4; turn++) {
      play.attach().close(1006);
      expect(play.link).toMatchObject({ state: "waiting", failures: turn });
      play.wake();
    }
    play.attach().now += STABLE_AFTER_MS;
    expect(play.close(1006).link).toMatchObject({ failures: 1 });
  });
});

describe("any order of events", () => {
  const type = fc.constantFrom<LinkEvent["type"]>(
    "start",
    "stop",
    "tick",
    "online",
    "take_back",
    "reconnect_now",
    "ticket",
    "ticket_refused",
    "opened",
    "heard",
    "welcomed",
    "broken",
    "closed",
  );
  const step = fc.record({
    type,
    late: fc.integer({ min: 0, max: 2 }),
    ms: fc.integer({ min: 0, max: 60_000 }),
    code: fc.constantFrom(1000, 1006, 4400, 4408, 4409, 4426),
    why: fc.constantFrom("signed_out", "version_changed", "failed"),
  });

  it("never has two sockets or ticket requests, and always a next step unless it is down", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const play = new Play();
        /** The attempt whose ticket request or socket is alive. */
        let alive: number | undefined;
        for (const { type: name, late, ms, ...rest } of steps) {
          play.now += ms;
          const attempt = play.attempt - late;
          const fields = { attempt, ticket: "t", url: "u", reason: "", epoch: 1, container: "c" };
          if (["closed", "ticket_refused"].includes(name) && attempt === alive) {
            const ends =
              name === "closed"
                ? play.link.state !== "fetching_ticket"
                : play.link.state === "fetching_ticket";
            if (ends) alive = undefined;
          }
          play.send({ type: name, ...fields, ...rest });
          for (const effect of play.effects) {
            if (effect.type === "fetch_ticket") {
              expect(alive).toBeUndefined();
              alive = effect.attempt;
            } else if (effect.type === "abandon") {
              expect(effect.attempt).toBe(alive);
              alive = undefined;
            } else {
              expect(effect.attempt).toBe(alive);
            }
          }
          const { link } = play;
          const isWorking = link.state !== "stopped" && link.state !== "down";
          expect("wakeAt" in link).toBe(isWorking);
          if (link.state === "waiting" || !isWorking) expect(alive).toBeUndefined();
        }
      }),
      { numRuns: 300 },
    );
  });
});
