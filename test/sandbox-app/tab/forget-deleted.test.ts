import { expect, it } from "vitest";
import { forgetDeleted } from "#sandbox/tab/forget-deleted.ts";
import { servePageForTests } from "../../support/answering-server.ts";

const server = await servePageForTests();

/** What is forgotten of the containers that this browser keeps, after the worker's answer. */
async function forgottenOf(kept: string[], status: number, deleted: unknown): Promise<string[]> {
  server.answers.set("/auth/deleted-containers", { status, body: { deleted } });
  const forgotten: string[] = [];
  const storage = {
    others: () => Promise.resolve(kept),
    forget: (container: string) => Promise.resolve(void forgotten.push(container)),
  };
  await forgetDeleted(storage, AbortSignal.timeout(5_000));
  return forgotten;
}

it("forgets the containers that the worker calls deleted, and no others [GONE-3]", async () => {
  expect(await forgottenOf(["c_1", "c_2", "c_3"], 200, ["c_1", "c_3"])).toEqual(["c_1", "c_3"]);
  expect(await forgottenOf(["c_1"], 200, [])).toEqual([]);
});

it("forgets nothing that it did not ask about", async () => {
  expect(await forgottenOf(["c_1"], 200, ["c_9", "../x"])).toEqual([]);
});

it("forgets nothing when the worker does not say", async () => {
  expect(await forgottenOf(["c_1"], 401, ["c_1"])).toEqual([]);
  await expect(forgottenOf(["c_1"], 200, "all")).rejects.toThrow(/array/);
});

it("asks nobody when this browser keeps no other container", async () => {
  expect(await forgottenOf([], 200, ["c_1"])).toEqual([]);
});
