import { afterAll, beforeAll, expect, it } from "vitest";
import { bearer, Person } from "#test/support/accounts.ts";
import { EdgeRig } from "#test/support/edge-rig.ts";
import type { ToolResult } from "#test/support/face-errors.ts";
import { postMcp } from "#test/support/mcp-post.ts";

const USERS = 50;
/** Of each user; with DISCO_CROWD_CALLS=200 it is ten thousand, which takes minutes on two cores. */
const CALLS = Number(process.env["DISCO_CROWD_CALLS"] ?? 20);
/** Calls of one user that are on their way at the same time: of all users, 200. */
const AT_ONCE = 4;

let rig: EdgeRig;
beforeAll(async () => {
  rig = await EdgeRig.start();
});
afterAll(() => rig.close());

interface Client {
  readonly key: string;
  readonly container: string;
}

async function newClient(number: number): Promise<Client> {
  const person = await Person.signIn(rig, `user-${number}`);
  const { key } = await person.newKey(["containers:read"]);
  const answer = await rig.worker.fetch("/api/v1/containers/current", { headers: bearer(key) });
  return { key, container: ((await answer.json()) as { container: string }).container };
}

/** Which container a call was answered for; every call of everybody has the JSON-RPC id 1. */
async function containerOf(key: string): Promise<unknown> {
  const params = { name: "container_status", arguments: {} };
  const answer = await postMcp<ToolResult & { structuredContent?: { container: string } }>(
    rig,
    key,
    "tools/call",
    params,
  );
  expect(answer.id).toBe(1);
  return answer.result?.structuredContent?.container;
}

it(
  `answers ${USERS} users with ${CALLS} calls each, 200 at a time, and none for another's container`,
  { timeout: 600_000 },
  async () => {
    const clients: Client[] = [];
    for (let number = 0; number < USERS; number += 1) clients.push(await newClient(number));
    expect(new Set(clients.map(({ container }) => container)).size).toBe(USERS);
    const misrouted: unknown[] = [];
    let answered = 0;
    const runLane = async ({ key, container }: Client): Promise<void> => {
      for (let call = 0; call < CALLS / AT_ONCE; call += 1) {
        const seen = await containerOf(key);
        answered += 1;
        if (seen !== container) misrouted.push(seen);
      }
    };
    const lanes = clients.flatMap((client) =>
      Array.from({ length: AT_ONCE }, () => runLane(client)),
    );
    await Promise.all(lanes);
    expect(misrouted).toEqual([]);
    expect(answered).toBe(USERS * CALLS);
  },
);
