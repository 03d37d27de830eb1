import { expect, it } from "vitest";
import { createSealer } from "#worker/identity/sealing.ts";

const SECRET = "a-secret-of-the-tests-with-more-than-32-bytes";

it("opens what it sealed, and says nothing of it outside", async () => {
  const sealer = createSealer(SECRET, "test");
  const sealed = await sealer.seal("ada https://github.com", "töken");
  expect(sealed).not.toContain("töken");
  expect(await sealer.open("ada https://github.com", sealed)).toBe("töken");
  expect(await sealer.seal("ada https://github.com", "töken")).not.toBe(sealed);
});

it.each([
  ["another place", SECRET, "test", "eve https://github.com"],
  ["another secret", `${SECRET}!`, "test", "ada https://github.com"],
  ["another purpose", SECRET, "other", "ada https://github.com"],
])("opens nothing for %s", async (_what, secret, purpose, place) => {
  const sealed = await createSealer(SECRET, "test").seal("ada https://github.com", "token");
  await expect(createSealer(secret, purpose).open(place, sealed)).rejects.toThrow(/operation/);
});

it("opens nothing that was changed", async () => {
  const sealer = createSealer(SECRET, "test");
  const sealed = await sealer.seal("place", "token");
  for (const at of [0, 5, sealed.indexOf(".") + 1, sealed.length - 3]) {
    const other = sealed[at] === "A" ? "B" : "A";
    const bad = sealed.slice(0, at) + other + sealed.slice(at + 1);
    await expect(sealer.open("place", bad)).rejects.toThrow(/operation|decod/i);
  }
});
