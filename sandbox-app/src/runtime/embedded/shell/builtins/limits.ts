import { type Builtin, fail } from "./builtin.ts";

const MODE_BITS = 0o777;

export const umask: Builtin = async (call) => {
  const { shell, args } = call;
  const isSymbolic = args.includes("-S");
  const mode = args.find((arg) => arg !== "-S" && arg !== "-p");
  const { process } = shell;
  if (mode === undefined) {
    const octal = process.umask.toString(8).padStart(4, "0");
    await shell.print(
      isSymbolic
        ? `${symbolic(~process.umask & MODE_BITS)}\n`
        : `${args.includes("-p") ? "umask " : ""}${octal}\n`,
    );
    return 0;
  }
  if (/^[0-7]+$/.test(mode)) {
    process.umask = parseInt(mode, 8) & MODE_BITS;
    return 0;
  }
  const changed = applySymbolic(mode, ~process.umask & MODE_BITS);
  if (changed === null)
    return fail(
      call,
      `${mode}: ${/^\d/.test(mode) ? "octal number out of range" : "invalid symbolic mode operator"}`,
    );
  process.umask = ~changed & MODE_BITS;
  return 0;
};

function symbolic(allowed: number): string {
  const triple = (bits: number): string =>
    `${bits & 4 ? "r" : ""}${bits & 2 ? "w" : ""}${bits & 1 ? "x" : ""}`;
  return `u=${triple(allowed >> 6)},g=${triple(allowed >> 3)},o=${triple(allowed)}`;
}

function applySymbolic(text: string, before: number): number | null {
  let mode = before;
  for (const clause of text.split(",")) {
    const match = /^([ugoa]*)([-+=])([rwx]*)$/.exec(clause);
    if (match === null) return null;
    const [, who = "", operator, letters = ""] = match;
    const bits =
      (letters.includes("r") ? 4 : 0) |
      (letters.includes("w") ? 2 : 0) |
      (letters.includes("x") ? 1 : 0);
    for (const [name, shift] of [
      ["u", 6],
      ["g", 3],
      ["o", 0],
    ] as const) {
      if (who !== "" && !who.includes("a") && !who.includes(name)) continue;
      if (operator === "=") mode = (mode & ~(7 << shift)) | (bits << shift);
      else mode = operator === "+" ? mode | (bits << shift) : mode & ~(bits << shift);
    }
  }
  return mode;
}

const units: Readonly<Record<string, string>> = {
  c: "core file size              (blocks, -c) 0",
  f: "file size                   (blocks, -f) unlimited",
  n: "open files                          (-n) 1024",
  s: "stack size                  (kbytes, -s) 8192",
  t: "cpu time                   (seconds, -t) unlimited",
  u: "max user processes                  (-u) unlimited",
  v: "virtual memory              (kbytes, -v) unlimited",
};

/** Says what is usual; the container's own limits are set by the person, not by guests. */
export const ulimit: Builtin = async (call) => {
  const { shell, args } = call;
  if (args.includes("-a")) {
    await shell.print(`${Object.values(units).join("\n")}\n`);
    return 0;
  }
  const letter = args.find((arg) => arg.startsWith("-"))?.replaceAll(/[-HS]/g, "") || "f";
  const line = units[letter];
  if (line === undefined) return fail(call, `-${letter}: invalid option`, 2);
  const value = args.find((arg) => !arg.startsWith("-"));
  if (value === undefined) await shell.print(`${line.split(" ").at(-1) ?? ""}\n`);
  return 0;
};
