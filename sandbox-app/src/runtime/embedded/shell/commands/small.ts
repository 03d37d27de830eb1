import { errnoWords } from "../redirect/error-words.ts";
import { open } from "../redirect/redirect.ts";
import { ShellError } from "../run/outcome.ts";
import { programsNamed } from "../run/program.ts";
import { type Command, complain, sizeOf } from "./command.ts";
import { Copier, targetsOf } from "./files/copy.ts";
import { changedMode } from "./files/mode-change.ts";
import { gnuOptions } from "./gnu-options.ts";
import { openInput } from "./input-files.ts";
import { encodeText } from "./text/encoding.ts";
import { allLines } from "./text/lines.ts";
import { named } from "./text/walk.ts";

export const shuf: Command = async (call) => {
  const { given, operands, unknown } = gnuOptions(call.args, {
    letters: "ei:n:o:rz",
    long: { echo: "e", "input-range": "i", "head-count": "n", repeat: "r", output: "o" },
  });
  if (unknown !== null) return complain(call, unknown);
  let lines: string[];
  const range = /^(\d+)-(\d+)$/.exec(given.get("i") ?? "");
  if (range !== null) {
    const [low, high] = [Number(range[1]), Number(range[2])];
    lines = Array.from({ length: Math.max(0, high - low + 1) }, (_, at) => String(low + at));
  } else if (given.has("e")) lines = [...operands];
  else {
    const handle = await openInput(call, operands[0] ?? "-");
    if (handle === null) return 1;
    ({ lines } = await allLines(call.shell, handle).finally(() => handle.release()));
  }
  const shuffled = lines
    .map((line) => [Math.random(), line] as const)
    .toSorted(([a], [b]) => a - b)
    .map(([, line]) => line);
  const chosen = shuffled.slice(0, Number(given.get("n") ?? Infinity));
  await call.shell.write(1, encodeText(chosen.map((line) => `${line}\n`).join("")));
  return 0;
};

/** `install`: copies with a mode, or makes directories. */
export const install: Command = async (call) => {
  const { shell } = call;
  const { system } = shell.process;
  const { given, operands, unknown } = gnuOptions(call.args, {
    letters: "dDm:t:Tvcpso:g:",
    long: { directory: "d", mode: "m", "target-directory": "t", verbose: "v" },
  });
  if (unknown !== null) return complain(call, unknown);
  const mode = changedMode(given.get("m") ?? "755", 0, false, 0) ?? 0o755;
  if (given.has("d")) {
    for (const operand of operands) {
      await system.call("mkdir", named(shell, operand).path, { recursive: true });
      await system.call("chmod", named(shell, operand).path, mode);
    }
    return 0;
  }
  if (given.has("D")) {
    const { path } = named(shell, given.get("t") ?? operands.at(-1) ?? ".");
    const parent = given.has("t") ? path : path.slice(0, path.lastIndexOf("/")) || "/";
    await system.call("mkdir", parent, { recursive: true });
  }
  const targets = await targetsOf(call, operands, given);
  if (targets === null) return 1;
  const copier = new Copier(call, {
    isRecursive: false,
    keepsLinks: false,
    preserves: given.has("p"),
    tells: given.has("v"),
    replaces: "always",
    makes: "copies",
    isForced: true,
  });
  let status = 0;
  for (const source of targets.sources) {
    const target = targets.target(source);
    if (await copier.copy(source, target)) await system.call("chmod", target.path, mode);
    else status = 1;
  }
  return status;
};

/** Bytes of a block of `dd`, unless told otherwise. */
const DD_BLOCK = 512;

export const dd: Command = async (call) => {
  const { shell, args } = call;
  const given = new Map(args.map((arg) => arg.split(/=(.*)/s) as [string, string]));
  const block = sizeOf(given.get("bs") ?? given.get("ibs") ?? String(DD_BLOCK));
  if (block === null) return complain(call, `invalid number: ‘${given.get("bs") ?? ""}’`);
  const limit = Number(given.get("count") ?? Infinity) * block;
  let skip = Number(given.get("skip") ?? 0) * block;
  const input = await openInput({ ...call, name: "dd: failed to open" }, given.get("if") ?? "-");
  if (input === null) return 1;
  const startedAt = performance.now();
  let [copied, taken] = [0, 0];
  try {
    const file = given.get("of");
    const keeps = /notrunc|append/.test(`${given.get("conv") ?? ""}${given.get("oflag") ?? ""}`);
    const output =
      file === undefined ? shell.descriptors.get(1) : open(shell, file, keeps ? ">>" : ">|");
    output?.hold();
    while (taken < limit + skip) {
      const chunk = await shell.untilAborted(input.read(Math.min(65_536, limit + skip - taken)));
      if (chunk.byteLength === 0) break;
      taken += chunk.byteLength;
      const kept = chunk.subarray(Math.min(skip, chunk.byteLength));
      skip -= chunk.byteLength - kept.byteLength;
      taken -= chunk.byteLength - kept.byteLength;
      await output?.file.write(kept);
      copied += kept.byteLength;
      await shell.process.pace(shell.signal);
    }
    output?.release();
  } catch (error) {
    if (error instanceof ShellError) return await complain(call, `failed to open ${error.message}`);
    throw error;
  } finally {
    input.release();
  }
  if (given.get("status") === "none") return 0;
  const records = `${Math.floor(copied / block)}+${copied % block === 0 ? 0 : 1}`;
  const seconds = (performance.now() - startedAt) / 1000;
  await shell.complain(
    `${records} records in\n${records} records out\n${copied} bytes copied, ${seconds.toFixed(6)} s\n`,
  );
  return 0;
};

export const unlink: Command = async (call) => {
  const [file] = call.args;
  if (file === undefined) return complain(call, "missing operand");
  try {
    await call.shell.process.system.call("unlink", named(call.shell, file).path);
    return 0;
  } catch (error) {
    return complain(call, `cannot unlink '${file}': ${errnoWords(error)}`);
  }
};

export const whereis: Command = async ({ shell, args }) => {
  for (const name of args)
    await shell.print(`${[`${name}:`, ...programsNamed(shell, name)].join(" ")}\n`);
  return 0;
};

const capabilities: Readonly<Record<string, string>> = {
  bold: "\x1b[1m",
  sgr0: "\x1b(B\x1b[m",
  clear: "\x1b[H\x1b[2J\x1b[3J",
  colors: "256\n",
  smul: "\x1b[4m",
  rmul: "\x1b[24m",
  rev: "\x1b[7m",
  civis: "\x1b[?25l",
  cnorm: "\x1b[?25h",
  el: "\x1b[K",
};

/** `tput` for xterm, which every terminal here is. */
export const tput: Command = async (call) => {
  const { shell } = call;
  const [name = "", value = ""] = call.args.filter((arg) => !arg.startsWith("-T"));
  if (name === "cols" || name === "lines") {
    const file = shell.descriptors.get(2)?.file;
    const size =
      file !== undefined && "isKernel" in file
        ? shell.process.system.callSync("terminalSize", file.kernelFd())
        : null;
    await shell.print(`${name === "cols" ? (size?.columns ?? 80) : (size?.rows ?? 24)}\n`);
    return 0;
  }
  const color = name === "setaf" ? 38 : name === "setab" ? 48 : null;
  const text = color === null ? capabilities[name] : `\x1b[${color};5;${value}m`;
  if (text === undefined) return complain(call, `unknown terminfo capability '${name}'`, 4);
  await shell.print(text);
  return 0;
};
