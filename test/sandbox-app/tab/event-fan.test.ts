import { expect, it } from "vitest";
import { EventFan } from "#sandbox/tab/event-fan.ts";
import type { TabEvent } from "#sandbox/tab/events.ts";

const connecting = (attempt: number): TabEvent => ({
  kind: "link",
  link: { state: "connecting", attempt },
});
const booting: TabEvent = { kind: "runtime", runtime: { state: "booting", stage: "starting" } };
const output: TabEvent = {
  kind: "call",
  call: { type: "output", call: "call-0001", stream: "stdout", text: "hi" },
};

it("replays the latest link and runtime states to a new listener, and no calls", () => {
  const fan = new EventFan();
  for (const event of [connecting(1), booting, output, connecting(2)]) fan.emit(event);
  const heard: TabEvent[] = [];
  fan.on((event) => heard.push(event));
  expect(heard).toEqual([connecting(2), booting]);
});

it("tells every listener until it leaves", () => {
  const fan = new EventFan();
  const [first, second]: [TabEvent[], TabEvent[]] = [[], []];
  const leave = fan.on((event) => first.push(event));
  fan.on((event) => second.push(event));
  fan.emit(booting);
  leave();
  fan.emit(output);
  expect([first, second]).toEqual([[booting], [booting, output]]);
});
