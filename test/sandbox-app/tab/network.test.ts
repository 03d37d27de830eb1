import { afterEach, expect, it, vi } from "vitest";
import { NetworkOrder } from "#sandbox/runtime/embedded/network/messages.ts";
import { NetworkClient, type NetworkState } from "#sandbox/tab/network.ts";
import { servePageForTests } from "../../support/answering-server.ts";

const PATH = "/auth/network/c_1";
const HOST = "https://api.example.com";

const server = await servePageForTests();

const ended = new AbortController();
const kernels: MessagePort[] = [];
afterEach(() => {
  for (const port of kernels.splice(0)) port.close();
  server.answers.clear();
  vi.useRealTimers();
});

/** The page's end, what it told the kernel, and what it shows. */
function open() {
  const { port1: kernel, port2 } = new MessageChannel();
  kernels.push(kernel);
  const orders: NetworkOrder[] = [];
  kernel.addEventListener("message", ({ data }) => orders.push(NetworkOrder.parse(data)));
  kernel.start();
  const client = new NetworkClient(port2, { container: "c_1", local: true, signal: ended.signal });
  const states: NetworkState[] = [];
  client.on((state) => states.push(state));
  return { client, kernel, orders, states };
}

const granted = (...hosts: string[]) => ({
  status: 200,
  body: { grants: hosts.map((host) => ({ host, since: 1 })) },
});

it("tells the kernel and the page what is allowed, and what it becomes", async () => {
  server.answers.set(PATH, granted(HOST));
  const { client, orders, states } = open();
  await expect.poll(() => orders).toHaveLength(1);
  expect(orders[0]).toEqual({
    type: "rules",
    rules: [{ scheme: "https", host: "api.example.com", port: 443 }],
    local: true,
  });
  expect(states.map(({ grants }) => grants)).toEqual([null, [{ host: HOST, since: 1 }]]);
  server.answers.set(PATH, granted());
  await client.revoke(HOST);
  await expect.poll(() => orders.at(-1)).toMatchObject({ type: "rules", rules: [] });
  expect(states.at(-1)?.grants).toEqual([]);
});

it("brings the kernel a token when it wants one, or says why there is none", async () => {
  server.answers.set(PATH, granted());
  server.answers.set(`${PATH}/token`, { status: 200, body: { token: "t", expires_in_s: 300 } });
  const { kernel, orders } = open();
  const before = Date.now();
  kernel.postMessage({ type: "token_wanted" }, []);
  const token = () => orders.find(({ type }) => type === "token");
  await expect.poll(token).toMatchObject({ type: "token", token: "t" });
  const { expiresAt } = token() as { expiresAt: number };
  expect(expiresAt).toBeGreaterThanOrEqual(before + 300_000);
  server.answers.set(`${PATH}/token`, { status: 401, body: {} });
  kernel.postMessage({ type: "token_wanted" }, []);
  await expect
    .poll(() => orders.at(-1))
    .toEqual({
      type: "failed",
      message: "No network access: The sign-in is gone: open a new link.",
    });
});

it("shows what programs wish for and use, and nothing that has another shape", async () => {
  server.answers.set(PATH, granted());
  const { kernel, states } = open();
  kernel.postMessage({ type: "state", wishes: [{ host: 1 }], uses: [], gitWishes: [] }, []);
  const wish = { host: HOST, pid: 3, program: "node", count: 1 };
  kernel.postMessage({ type: "state", wishes: [wish], uses: [], gitWishes: [] }, []);
  await expect.poll(() => states.at(-1)?.wishes).toEqual([wish]);
});

it("says in the worker's words why a host cannot be allowed", async () => {
  server.answers.set(PATH, { status: 400, body: { detail: "An address cannot be allowed." } });
  const { client } = open();
  await expect(client.allow("10.0.0.1")).rejects.toThrow("An address cannot be allowed.");
  server.answers.set(PATH, { status: 502, body: "nonsense" });
  await expect(client.allow(HOST)).rejects.toThrow("The worker said 502.");
});

it("asks again when the worker could not say what is allowed", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout"] });
  const { orders } = open();
  await expect.poll(() => orders[0]?.type).toBe("failed");
  server.answers.set(PATH, granted(HOST));
  vi.advanceTimersByTime(10_000);
  await expect.poll(() => orders.at(-1)?.type).toBe("rules");
});
