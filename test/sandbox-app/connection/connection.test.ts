import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FrameError } from "#protocol/codec.ts";
import { PROTOCOL_VERSION, type RelayFrame, type TabFrame } from "#protocol/frames.ts";
import { FRAME_MAX_BYTES, HEARTBEAT_INTERVAL_MS, HEARTBEAT_LOST_MS } from "#protocol/limits.ts";
import { Connection } from "#sandbox/connection/connection.ts";
import { openSocket } from "#sandbox/connection/socket.ts";
import type { TicketAnswer } from "#sandbox/connection/ticket.ts";
import type { LinkState } from "#sandbox/tab/events.ts";
import { HandClock } from "../../support/hand-clock.ts";
import { ScriptedRelay } from "../../support/scripted-relay.ts";
import { until } from "#test/support/until.ts";

/** The connection over real sockets, with the time in the test's hand. */
let relay: ScriptedRelay;
let clock: HandClock;
let connection: Connection;
let tickets: number;
let links: LinkState[];
let received: RelayFrame[];

const hello = {
  type: "hello",
  protocol: PROTOCOL_VERSION,
  runtime: { state: "booting", stage: "test" },
  held: [],
} as const;

beforeEach(async () => {
  relay = await ScriptedRelay.start();
  clock = new HandClock();
  tickets = 0;
  links = [];
  received = [];
  connection = new Connection({
    container: "c",
    clock,
    random: () => 0.5,
    fetchTicket: async (): Promise<TicketAnswer> => {
      tickets += 1;
      return { ok: true, ticket: `ticket-${tickets}`, url: relay.url };
    },
    openSocket,
    hello: () => ({ ...hello, held: [] }),
    onFrame: (frame) => received.push(frame),
    onLink: (link) => links.push(link),
  });
});
afterEach(async () => {
  connection.stop();
  await relay.close();
});

const state = () => links.at(-1)?.state;

async function attach(epoch = 1): Promise<void> {
  const earlier = relay.connections.length;
  connection.start();
  await until(() => expect(relay.connections.length).toBeGreaterThan(earlier));
  await welcome(epoch);
}

async function welcome(epoch: number): Promise<void> {
  await until(() => expect(relay.latest.frames).toHaveLength(1));
  relay.latest.send({ type: "welcome", epoch, container: "c" });
  await until(() => expect(state()).toBe("attached"));
}

/** Lets the back-off pass, and waits for the next connection. */
async function comesAgain(): Promise<void> {
  const earlier = relay.connections.length;
  await until(() => expect(state()).toBe("reconnecting"));
  clock.advance(10_000);
  await until(() => expect(relay.connections.length).toBe(earlier + 1));
}

describe("Connection", () => {
  it("offers wire and ticket, says hello first, and is attached by the welcome [OPEN-1] [HELLO-1]", async () => {
    await attach(7);
    expect(relay.latest.subprotocols).toEqual(["disco.v1", "disco.ticket.ticket-1"]);
    expect(relay.latest.frames).toEqual([hello]);
    expect(connection.epoch).toBe(7);
    expect(links).toEqual([
      { state: "connecting", attempt: 1 },
      { state: "attached", epoch: 7, container: "c" },
    ]);
  });

  it("passes frames both ways, large ones too [FRAG-1]", async () => {
    await attach();
    const input = { text: "ü".repeat(300_000) };
    const work = { operation: "read_file", input, timeout_ms: 1, client: "x" };
    relay.latest.send({ type: "call", call: "call-0001", epoch: 1, ...work });
    await until(() => expect(received).toHaveLength(2));
    expect(received[1]).toMatchObject({ call: "call-0001", input });
    const outcome = { ok: true as const, output: input };
    const answer: TabFrame = { type: "outcome", call: "call-0001", epoch: 1, outcome };
    connection.send(answer);
    await until(() => expect(relay.latest.frames[1]).toEqual(answer));
  });

  it("closes with 4400 on what is no frame, and comes again with a new ticket [FRAME-1] [FRAME-2]", async () => {
    for (const message of ["no JSON", '{"type":"none"}', new Uint8Array([9, 9])]) {
      await (relay.connections.length === 0 ? attach() : welcome(relay.connections.length));
      relay.latest.sendRaw(message);
      const broken = relay.latest;
      await until(() => expect(broken.closedWith).toBe(4400));
      await comesAgain();
    }
    expect(tickets).toBe(4);
  });

  it("refuses to send what no frame can hold [FRAG-3]", async () => {
    await attach();
    const output = { text: "x".repeat(FRAME_MAX_BYTES) };
    const outcome = { ok: true as const, output };
    const frame: TabFrame = { type: "outcome", call: "call-0001", epoch: 1, outcome };
    expect(() => connection.send(frame)).toThrow(FrameError);
    expect(state()).toBe("attached");
  });

  it("pings, and lives on by the answers [BEAT-1]", async () => {
    await attach();
    for (let beat = 1; beat <= 4; beat++) {
      clock.advance(HEARTBEAT_INTERVAL_MS);
      await until(() => expect(relay.latest.pings).toBe(beat));
      // The answer is on its way back; it is heard before the next beat.
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(state()).toBe("attached");
  });

  it("reconnects when it hears nothing [BEAT-3]", async () => {
    await attach();
    clock.advance(HEARTBEAT_LOST_MS);
    await until(() => expect(relay.latest.closedWith).toBe(4408));
    await comesAgain();
  });

  it("reconnects when the line is cut, and drops what was sent meanwhile", async () => {
    await attach();
    relay.latest.cut();
    await until(() => expect(state()).toBe("reconnecting"));
    connection.send({ type: "claim", call: "call-0001", epoch: 1 });
    expect(connection.epoch).toBeNull();
    connection.reconnectNow();
    await until(() => expect(relay.connections).toHaveLength(2));
    await welcome(2);
    expect(relay.latest.frames).toEqual([hello]);
  });

  it("stays down after 4409 until it is taken back, and after 4426 for good [HELLO-3] [HELLO-4]", async () => {
    await attach();
    relay.latest.close(4409);
    await until(() => expect(state()).toBe("taken_over"));
    clock.advance(3_600_000);
    expect(tickets).toBe(1);
    connection.takeBack();
    await until(() => expect(relay.connections).toHaveLength(2));
    await welcome(2);
    relay.latest.close(4426);
    await until(() => expect(state()).toBe("version_changed"));
    clock.advance(3_600_000);
    connection.reconnectNow();
    connection.takeBack();
    expect(tickets).toBe(2);
  });

  it("gives up a relay that does not welcome it, and tries again", async () => {
    connection.start();
    await until(() => expect(relay.latest.frames).toHaveLength(1));
    clock.advance(10_000);
    await comesAgain();
  });

  it("closes for good when it is stopped", async () => {
    await attach();
    connection.stop();
    await until(() => expect(relay.latest.closedWith).toBe(1000));
    clock.advance(3_600_000);
    expect(tickets).toBe(1);
  });
});
