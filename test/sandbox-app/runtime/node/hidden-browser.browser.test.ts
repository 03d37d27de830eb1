import { afterAll, describe, expect, it } from "vitest";
import { NodeContainer } from "#test/support/node-container.ts";

const container = new NodeContainer();
afterAll(() => container.dispose());

/** What a program finds in its worker, also by what the global object inherits. */
const SEARCH = `
const found = [];
const tagOf = (value) => Object.prototype.toString.call(value).slice(8, -1);
for (let at = globalThis; at !== null && at !== Object.prototype; at = Object.getPrototypeOf(at)) {
  for (const name of Reflect.ownKeys(at)) {
    let value;
    try { value = Reflect.get(at, name, globalThis); } catch {}
    if (value !== undefined) found.push(typeof name + ":" + String(name) + ":" + tagOf(value));
  }
}
console.log(JSON.stringify(found));
`;

describe("a program that looks for the browser below its global object", () => {
  it("finds no way to the storage in which files are kept, nor to the kernel", async () => {
    const { stdout, stderr } = await container.run(["node", "-e", SEARCH]);
    expect(stderr).toBe("");
    const found = JSON.parse(stdout) as string[];
    const ways =
      /WorkerNavigator|IDBFactory|CacheStorage|StorageManager|LockManager|WorkerLocation|:(?:Worker|SharedWorker|XMLHttpRequest|importScripts|postMessage|close|self|onmessage):/;
    expect(found.filter((one) => ways.test(one))).toEqual([]);
    expect(found).toContain("string:navigator:Object");
  });

  it("is not heard on the channel on which kernels ask each other for a container", async () => {
    const heard: unknown[] = [];
    const kernels = new BroadcastChannel("disco.container.some");
    kernels.addEventListener("message", ({ data }) => heard.push(data));
    const source = `
      const { constructor } = BroadcastChannel.prototype;
      class Below extends BroadcastChannel {}
      for (const Class of [BroadcastChannel, constructor, Below]) {
        new Class("disco.container.some").postMessage({ type: "yield", from: "a program" });
      }
      const [one, other] = [new BroadcastChannel("own"), new BroadcastChannel("own")];
      other.onmessage = ({ data }) => { console.log(other.name, data); process.exit(); };
      one.postMessage("hello");
      setTimeout(() => {}, 10_000);`;
    const { stdout, stderr } = await container.run(["node", "-e", source]);
    expect([stdout, stderr]).toEqual(["own hello\n", ""]);
    const after = new BroadcastChannel("disco.container.some");
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel has one origin
    after.postMessage("the last");
    await expect.poll(() => heard).toContain("the last");
    expect(heard).toEqual(["the last"]);
    kernels.close();
    after.close();
  });

  it("still has what Node has", async () => {
    const source =
      "console.log(typeof performance.now(), typeof crypto.randomUUID(), typeof fetch, " +
      "structuredClone(1), atob(btoa('a')), navigator.platform)";
    const { stdout, stderr } = await container.run(["node", "-e", source]);
    expect([stdout.trim(), stderr]).toEqual(["number string function 1 a linux", ""]);
  });
});
