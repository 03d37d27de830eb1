import type { FileStatus } from "../../kernel/system-calls.ts";
import { resolvePath } from "../../kernel/path.ts";
import { descriptorOfPath } from "../redirect/redirect.ts";
import { evaluateIndex } from "../expand/arithmetic-text.ts";
import { readElement } from "../state/element.ts";
import { specialArray } from "../state/special-variables.ts";
import type { Shell } from "../state/shell.ts";
import { ShellError } from "./outcome.ts";

const UID = 1000;

function statOf(shell: Shell, path: string, call: "stat" | "lstat" = "stat"): FileStatus | null {
  if (path === "") return null;
  const { system } = shell.process;
  try {
    const own = descriptorOfPath(path);
    const fd = own === null ? undefined : shell.descriptors.get(own)?.file.kernelFd();
    return fd === undefined
      ? system.callSync(call, resolvePath(shell.cwd, path))
      : system.callSync("fstat", fd);
  } catch {
    return null;
  }
}

const READ = 4;
const WRITE = 2;
const EXECUTE = 1;

function allows({ mode, uid }: FileStatus, bit: number): boolean {
  return (mode & (uid === UID ? bit << 6 : bit)) !== 0;
}

type FileTest = (status: FileStatus) => boolean;

const fileTests: Readonly<Record<string, FileTest>> = {
  "-a": () => true,
  "-b": () => false,
  "-c": ({ type }) => type === "device" || type === "terminal",
  "-d": ({ type }) => type === "directory",
  "-e": () => true,
  "-f": ({ type }) => type === "file",
  "-g": ({ mode }) => (mode & 0o2000) !== 0,
  "-k": ({ mode }) => (mode & 0o1000) !== 0,
  "-p": ({ type }) => type === "pipe",
  "-r": (status) => allows(status, READ),
  "-s": ({ size }) => size > 0,
  "-u": ({ mode }) => (mode & 0o4000) !== 0,
  "-w": (status) => allows(status, WRITE),
  "-x": (status) => allows(status, EXECUTE),
  "-G": ({ gid }) => gid === UID,
  "-N": ({ mtimeMs, atimeMs }) => mtimeMs > atimeMs,
  "-O": ({ uid }) => uid === UID,
  "-S": ({ type }) => type === "socket",
};

export const unaryOperators: ReadonlySet<string> = new Set([
  ...Object.keys(fileTests),
  "-h",
  "-L",
  "-n",
  "-z",
  "-o",
  "-v",
  "-R",
  "-t",
]);

/** `-f file`, `-z text`, `-v name`, … of `test` and `[[`. */
export function unaryTest(shell: Shell, operator: string, operand: string): boolean {
  switch (operator) {
    case "-n":
      return operand !== "";
    case "-z":
      return operand === "";
    case "-o":
      return shell.isOn(operand);
    case "-v":
      return isSet(shell, operand);
    case "-R":
      return shell.variables.findOwn(operand)?.attributes.reference === true;
    case "-t":
      return isTerminal(shell, operand);
    case "-h":
    case "-L":
      return statOf(shell, operand, "lstat")?.type === "symlink";
    default: {
      const test = fileTests[operator];
      if (test === undefined) throw new ShellError(`${operator}: unary operator expected`, 2);
      const status = statOf(shell, operand);
      return status !== null && test(status);
    }
  }
}

function isTerminal(shell: Shell, fd: string): boolean {
  const handle = shell.descriptors.get(Number(fd));
  if (handle === undefined || !/^\d+$/.test(fd) || !("isKernel" in handle.file)) return false;
  try {
    return shell.process.system.callSync("terminalSize", handle.file.kernelFd()) !== null;
  } catch {
    return false;
  }
}

function isSet(shell: Shell, name: string): boolean {
  const match = /^(\w+)\[(.*)\]$/s.exec(name);
  if (match === null) return readElement(shell, name, null, evaluateIndex(shell)) !== undefined;
  const [, base = "", index = ""] = match;
  if (index === "@" || index === "*") {
    return (specialArray(shell, base) ?? shell.variables.find(base)?.entries ?? []).length > 0;
  }
  return readElement(shell, base, index, evaluateIndex(shell)) !== undefined;
}

/** `-nt`, `-ot`, `-ef`; null for other operators. */
export function compareFiles(
  shell: Shell,
  operator: string,
  left: string,
  right: string,
): boolean | null {
  if (!["-nt", "-ot", "-ef"].includes(operator)) return null;
  const [a, b] = [statOf(shell, left), statOf(shell, right)];
  if (operator === "-ef") return a !== null && b !== null && a.ino === b.ino;
  const [newer, older] = operator === "-nt" ? [a, b] : [b, a];
  return newer !== null && (older === null || newer.mtimeMs > older.mtimeMs);
}

/** `-eq` and its like; null for other operators. */
export function compareNumbers(operator: string, left: bigint, right: bigint): boolean | null {
  switch (operator) {
    case "-eq":
      return left === right;
    case "-ne":
      return left !== right;
    case "-lt":
      return left < right;
    case "-le":
      return left <= right;
    case "-gt":
      return left > right;
    case "-ge":
      return left >= right;
    default:
      return null;
  }
}
