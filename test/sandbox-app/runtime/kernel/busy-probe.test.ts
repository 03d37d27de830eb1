import { describe, expect, it } from "vitest";
import { BusyProbe } from "#sandbox/runtime/embedded/kernel/process/busy-probe.ts";

/** A process that is pinged every 100 ms of a clock that is turned by hand. */
class Stage {
  now = 0;
  readonly probe = new BusyProbe(() => this.now);

  /** @returns what the look after 100 ms finds; `act` happens before */
  round(act: (probe: BusyProbe) => void = () => {}) {
    this.probe.begin();
    act(this.probe);
    this.now += 100;
    return this.probe.look();
  }
}

describe("how busy a process is", () => {
  it("is told by whether it answers at once, however short what it does is", () => {
    const stage = new Stage();
    expect(stage.round((probe) => probe.answered(0.3))).toMatchObject({ busy: 0 });
    expect(stage.round((probe) => probe.answered(30))).toMatchObject({ busy: 1 });
    expect(stage.round((probe) => probe.answered(0.1))).toMatchObject({ busy: 0 });
  });

  it("is all of the time while it does not answer, and it does not get on", () => {
    const stage = new Stage();
    expect(stage.round()).toMatchObject({ busy: 1 });
    expect(stage.round()).toEqual({ busy: 1, isGettingOn: false, hasCalled: false });
    expect(stage.round((probe) => probe.called())).toMatchObject({
      isGettingOn: true,
      hasCalled: true,
    });
    expect(stage.probe.begin()).toBe(false);
    expect(stage.round((probe) => probe.answered(250))).toMatchObject({
      busy: 1,
      isGettingOn: true,
    });
  });

  it("is not the time that it waits in a call", () => {
    const stage = new Stage();
    const found = stage.round((probe) => {
      probe.waits();
      stage.now += 300;
      probe.goesOn();
    });
    expect(found.busy).toBe(0.25);
    stage.probe.answered(402);
    expect(stage.round()).toMatchObject({ busy: 1 });
  });

  it("is nothing while it waits, and it is not pinged then", () => {
    const stage = new Stage();
    stage.probe.waits();
    expect(stage.probe.begin()).toBe(false);
    stage.now += 5_000;
    expect(stage.probe.look()).toMatchObject({ busy: 0, isGettingOn: true });
    stage.probe.goesOn();
    expect(stage.round((probe) => probe.answered(1))).toMatchObject({ busy: 0 });
  });

  it("forgives an answer that is late because the process waited", () => {
    const stage = new Stage();
    const found = stage.round((probe) => {
      probe.waits();
      stage.now += 50;
      probe.goesOn();
      probe.answered(51);
    });
    expect(found.busy).toBe(0);
  });
});
