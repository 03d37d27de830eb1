import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ExpectedError } from "#scripts/disco/expected-error.ts";
import { openLocalState } from "#scripts/disco/local-state.ts";

let home: string;
const release: (() => void)[] = [];

async function open(named: string | undefined, base = path.join(home, "base")) {
  const state = await openLocalState(named, base);
  release.push(() => state.release());
  return state;
}

beforeEach(async () => {
  home = await mkdtemp(path.join(tmpdir(), "disco-state-test-"));
});

afterEach(async () => {
  for (const letGo of release.splice(0)) letGo();
  await rm(home, { recursive: true });
});

describe("openLocalState", () => {
  it("makes a secret that only its owner can read", async () => {
    const state = await open(undefined);
    expect(Buffer.from(state.secret, "base64url")).toHaveLength(32);
    const mode = async (file: string) => (await stat(file)).mode & 0o777;
    expect(await mode(path.join(state.directory, "local.json"))).toBe(0o600);
    expect(await mode(state.envFile)).toBe(0o600);
    expect(await mode(state.directory)).toBe(0o700);
    expect(await readFile(state.envFile, "utf8")).toBe(`DISCO_LOCAL_SECRET=${state.secret}\n`);
  });

  it("keeps the secret from one start to the next", async () => {
    const first = await open(undefined);
    first.release();
    const second = await open(undefined);
    expect(second).toMatchObject({ secret: first.secret, directory: first.directory });
  });

  it("gives a second running Disco a directory of its own", async () => {
    const first = await open(undefined);
    const second = await open(undefined);
    expect(second.directory).toBe(path.join(first.directory, "2"));
    expect(second.secret).not.toBe(first.secret);
  });

  it("refuses a named directory that a running Disco holds", async () => {
    const named = path.join(home, "named");
    await open(named);
    await expect(open(named)).rejects.toThrow(ExpectedError);
  });

  it("says what to do about a damaged file", async () => {
    const first = await open(path.join(home, "named"));
    first.release();
    await writeFile(path.join(first.directory, "local.json"), "{");
    await expect(open(first.directory)).rejects.toThrow(/Remove it/);
  });
});
