import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  newReplyMemory,
  type Reply,
  ReplyKind,
  ReplyWriter,
} from "#sandbox/runtime/embedded/process/reply-memory.ts";

type Told =
  | { readonly type: "call" | "more"; readonly id: number }
  | { readonly type: "reply"; readonly reply: Reply };

/** The kernel's end, with a process in a thread at the other. */
class Stage {
  readonly memory = newReplyMemory();
  readonly writer = new ReplyWriter(this.memory);
  readonly #thread = new Worker(new URL("./reading-thread.ts", import.meta.url), {
    workerData: this.memory,
  });
  readonly #told: Told[] = [];

  constructor() {
    this.#thread.on("message", (told: Told) => this.#told.push(told));
  }

  order(what: "receive" | "abandon"): void {
    this.#thread.postMessage(what, []);
  }

  async next(): Promise<Told> {
    while (this.#told.length === 0) await once(this.#thread, "message");
    const [first] = this.#told.splice(0, 1);
    if (first === undefined) throw new Error("nothing was told");
    return first;
  }

  /** The number of what the process asks for next. */
  async asked(): Promise<number> {
    const told = await this.next();
    if (told.type === "reply") throw new Error("the process has a reply already");
    return told.id;
  }

  async text(): Promise<string> {
    const told = await this.next();
    if (told.type !== "reply") throw new Error("the process asks instead");
    return new TextDecoder().decode(told.reply.bytes);
  }

  reply(id: number, text: string): void {
    this.writer.send(id, ReplyKind.bytes, new TextEncoder().encode(text));
  }

  /** What the kernel's thread does late when it was held up; true when somebody was woken. */
  async notify(): Promise<boolean> {
    const control = new Int32Array(this.memory, 0, 4);
    for (let tries = 0; tries < 1_000; tries++) {
      if (Atomics.notify(control, 0) > 0) return true;
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    return false;
  }

  async end(): Promise<void> {
    await this.#thread.terminate();
  }
}

let stage: Stage;
beforeEach(() => {
  stage = new Stage();
});
afterEach(() => stage.end());

describe("the reply to a synchronous call", () => {
  it("is not taken for there when the process is woken for the one before", async () => {
    stage.order("receive");
    stage.reply(await stage.asked(), "first");
    expect(await stage.text()).toBe("first");
    stage.order("receive");
    const second = await stage.asked();
    expect(await stage.notify()).toBe(true);
    stage.reply(second, "second");
    expect(await stage.text()).toBe("second");
  });

  it("is not the late one of a call that the process was thrown out of", async () => {
    stage.order("abandon");
    const lost = await stage.asked();
    stage.order("receive");
    const next = await stage.asked();
    expect(await stage.notify()).toBe(true);
    stage.reply(lost, "of the lost call");
    expect(await stage.notify()).toBe(true);
    stage.reply(next, "of the next call");
    expect(await stage.text()).toBe("of the next call");
  });

  it("comes whole in parts, however often the process is woken in between", async () => {
    const text = "0123456789".repeat(50_000);
    stage.order("receive");
    stage.reply(await stage.asked(), text);
    for (let parts = 1; parts * 131_072 < text.length; parts++) {
      const further = await stage.asked();
      expect(await stage.notify()).toBe(true);
      stage.writer.more(further);
    }
    expect(await stage.text()).toBe(text);
  });
});
