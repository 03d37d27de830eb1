import { describe, expect, it } from "vitest";
import type { Runtime, Scan } from "#sandbox/runtime/runtime.ts";
import { finish } from "./runtime-streams.ts";

/** What every runtime tells whoever keeps a picture of its files. */
export function scanContract(runtimeOf: () => Runtime): void {
  const path = (file: string): string => `${runtimeOf().root}/${file}`;
  const bash = async (line: string) => finish(await runtimeOf().spawn("bash", ["-c", line]));
  const scan = (since?: string): Promise<Scan> =>
    runtimeOf().files.scan(path("scanned"), {
      skip: ["left"],
      ...(since !== undefined && { since }),
    });
  const fileOf = ({ entries }: Scan) => entries?.find(({ type }) => type === "file");

  describe("a scan", () => {
    it("tells all that is below a directory, and enters none that it is to skip", async () => {
      const { files } = runtimeOf();
      await files.mkdir(path("scanned/left/out"), { recursive: true });
      await files.write(path("scanned/a.txt"), new TextEncoder().encode("a"));
      const first = await scan();
      expect(first.entries?.map((entry) => entry.path).toSorted()).toEqual(["a.txt", "left"]);
      expect(fileOf(first)).toMatchObject({ type: "file", size: 1, mode: 0o644 });
      // Nothing, or the same again: not every runtime counts.
      const again = await scan(first.version);
      expect(again.entries ?? first.entries).toEqual(first.entries);
      const none = files.scan(path("none"), { skip: [] });
      await expect(none).rejects.toMatchObject({ code: "ENOENT" });
    });

    it("stamps a file anew when its content or its mode is another", async () => {
      const { files } = runtimeOf();
      const { version, entries } = await scan();
      const stamps = [fileOf({ version, entries })?.stamp];
      await bash("echo b > scanned/a.txt");
      stamps.push(fileOf(await scan(version))?.stamp);
      await files.chmod(path("scanned/a.txt"), 0o755);
      stamps.push(fileOf(await scan(version))?.stamp);
      expect(new Set(stamps).size).toBe(3);
      expect(stamps).not.toContain(undefined);
      expect(await bash("stat -c %a scanned/a.txt")).toMatchObject({ stdout: "755\n" });
    });
  });
}
