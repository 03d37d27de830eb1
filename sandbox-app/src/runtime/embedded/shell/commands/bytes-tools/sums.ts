import { blake2b } from "@noble/hashes/blake2.js";
import { md5, sha1 } from "@noble/hashes/legacy.js";
import { sha224, sha256, sha384, sha512 } from "@noble/hashes/sha2.js";
import { type Command, type CommandCall, complain } from "../command.ts";
import { gnuOptions } from "../gnu-options.ts";
import { openInput } from "../input-files.ts";

const hashes = {
  b2sum: blake2b,
  md5sum: md5,
  sha1sum: sha1,
  sha224sum: sha224,
  sha256sum: sha256,
  sha384sum: sha384,
  sha512sum: sha512,
} as const;

type SumName = keyof typeof hashes;

const long = {
  check: "c",
  binary: "b",
  text: "t",
  quiet: "quiet",
  status: "status",
  strict: "strict",
  warn: "w",
  tag: "tag",
  zero: "z",
  "ignore-missing": "ignore-missing",
} as const;

/** `md5sum` and its relatives (coreutils); reads as much at a time as comes. */
export const checksum: Command = async (call) => {
  const { given, operands, unknown } = gnuOptions(call.args, { letters: "bctwz", long });
  if (unknown !== null) return complain(call, unknown);
  const files = operands.length === 0 ? ["-"] : operands;
  let status = 0;
  for (const file of files) {
    if (given.has("c")) {
      status = (await check(call, given, file)) || status;
      continue;
    }
    const sum = await sumOf(call, file);
    if (sum === null) status = 1;
    else if (given.has("tag"))
      await call.shell.print(`${call.name.replace("sum", "").toUpperCase()} (${file}) = ${sum}\n`);
    else
      await call.shell.print(
        `${sum} ${given.has("b") ? "*" : " "}${file}${given.has("z") ? "\0" : "\n"}`,
      );
  }
  return status;
};

async function sumOf(call: CommandCall, file: string): Promise<string | null> {
  const handle = await openInput(call, file);
  if (handle === null) return null;
  const hash = hashes[call.name as SumName].create();
  try {
    for (;;) {
      const chunk = await call.shell.untilAborted(handle.read());
      if (chunk.byteLength === 0) break;
      hash.update(chunk);
      await call.shell.process.pace(call.shell.signal);
    }
  } finally {
    handle.release();
  }
  return Array.from(hash.digest(), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function check(
  call: CommandCall,
  given: ReadonlyMap<string, string>,
  file: string,
): Promise<number> {
  const { shell } = call;
  const handle = await openInput(call, file);
  if (handle === null) return 1;
  const bytes = await handle.readAll().finally(() => handle.release());
  const lines = new TextDecoder().decode(bytes.slice()).split("\n");
  const listed = lines.flatMap((line) => {
    const match = /^([0-9a-f]+) [ *](.+)$/.exec(line);
    return match === null ? [] : [{ sum: match[1], name: match[2] ?? "" }];
  });
  if (listed.length === 0)
    return complain(call, `${file}: no properly formatted checksum lines found`);
  let [failed, missing] = [0, 0];
  for (const { sum, name } of listed) {
    const found = await sumOf(call, name);
    if (found === null) missing++;
    else if (found !== sum) failed++;
    if (given.has("status")) continue;
    if (found === null) await shell.print(`${name}: FAILED open or read\n`);
    else if (found !== sum) await shell.print(`${name}: FAILED\n`);
    else if (!given.has("quiet")) await shell.print(`${name}: OK\n`);
  }
  const plural = (count: number, one: string, many: string): string =>
    `WARNING: ${count} ${count === 1 ? one : many}`;
  if (!given.has("status")) {
    if (missing > 0)
      await complain(
        call,
        plural(missing, "listed file could not be read", "listed files could not be read"),
      );
    if (failed > 0)
      await complain(
        call,
        plural(failed, "computed checksum did NOT match", "computed checksums did NOT match"),
      );
  }
  return failed + missing > 0 ? 1 : 0;
}
