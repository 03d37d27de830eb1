import type { Redirection } from "unbash";
import { OpenFlag } from "../../kernel/system-calls.ts";
import { resolvePath } from "../../kernel/path.ts";
import { expandBody, expandText, expandWords } from "../expand/word.ts";
import { ShellError } from "../run/outcome.ts";
import type { Shell } from "../state/shell.ts";
import { type Descriptors, Handle } from "./descriptors.ts";
import { errnoWords } from "./error-words.ts";
import { KernelFile, Prepared } from "./open-file.ts";

type FileRedirect = Extract<Redirection, { type: "Redirect" }>;

const NEW_FILE_MODE = 0o666;
/** Descriptors that `{name}>file` chooses start here. */
const NAMED_FROM = 10;

/**
 * Runs a body with redirections in effect, and takes them back. What the body opens by `exec` on
 * other descriptors stays.
 */
export async function withRedirects(
  shell: Shell,
  redirects: readonly Redirection[],
  body: () => Promise<number>,
): Promise<number> {
  if (redirects.length === 0) return body();
  const before = shell.descriptors;
  const during = before.copy();
  shell.descriptors = during;
  const restore = (): void => {
    shell.descriptors = before;
    during.closeAll();
  };
  let touched: ReadonlySet<number>;
  try {
    touched = await applyRedirects(shell, redirects);
  } catch (error) {
    restore();
    if (!(error instanceof ShellError)) throw error;
    await shell.report(error.message);
    return 1;
  }
  const applied = during.copy();
  try {
    return await body();
  } finally {
    keepOthers(before, applied, during, touched);
    applied.closeAll();
    restore();
  }
}

/** Carries over what changed in the body, apart from what was redirected for it. */
function keepOthers(
  before: Descriptors,
  applied: Descriptors,
  during: Descriptors,
  touched: ReadonlySet<number>,
): void {
  for (const [fd, handle] of during.entries()) {
    if (!touched.has(fd) && applied.get(fd) !== handle) before.set(fd, handle);
  }
  for (const [fd] of applied.entries()) {
    if (!touched.has(fd) && during.get(fd) === undefined) before.close(fd);
  }
}

/** Applies redirections for good; returns the descriptors that they changed. */
export async function applyRedirects(
  shell: Shell,
  redirects: readonly Redirection[],
): Promise<Set<number>> {
  const touched = new Set<number>();
  for (const redirect of redirects) {
    for (const fd of await applyOne(shell, redirect)) touched.add(fd);
  }
  return touched;
}

async function applyOne(shell: Shell, redirect: Redirection): Promise<readonly number[]> {
  switch (redirect.type) {
    case "HereDoc": {
      const { body, delimiter, operator } = redirect;
      const tabs = operator === "<<-" ? /^\t+/gm : null;
      const isPlain = delimiter?.quoted === true || body.parts === undefined;
      const raw = isPlain
        ? plainBody(body.text, delimiter?.quoted === true)
        : await expandBody(shell, withoutTabs(body.parts, tabs !== null));
      const text = tabs === null || !isPlain ? raw : raw.replaceAll(tabs, "");
      return [attach(shell, redirect, 0, prepared(shell, text))];
    }
    case "HereString": {
      const text = redirect.target === undefined ? "" : await expandText(shell, redirect.target);
      return [attach(shell, redirect, 0, prepared(shell, `${text}\n`))];
    }
    case "Redirect":
      return applyFile(shell, redirect);
  }
}

function plainBody(text: string, isQuoted: boolean): string {
  return isQuoted
    ? text
    : text.replaceAll(/\\(\n|[\\$`])/g, (_, char: string) => (char === "\n" ? "" : char));
}

type BodyParts = Parameters<typeof expandBody>[1];

/** `<<-` takes tabs from the lines as written, not from what expansions put there. */
function withoutTabs(parts: BodyParts, hasTabs: boolean): BodyParts {
  if (!hasTabs) return parts;
  let isLineStart = true;
  return parts.map((part) => {
    const startsLine = isLineStart;
    isLineStart = part.type === "Literal" && part.value.endsWith("\n");
    if (part.type !== "Literal") return part;
    const [first = "", ...lines] = part.value.split("\n");
    const stripped = lines.map((line) => line.replace(/^\t+/, ""));
    const value = [startsLine ? first.replace(/^\t+/, "") : first, ...stripped].join("\n");
    return Object.assign({}, part, { value });
  });
}

function prepared(shell: Shell, text: string): Handle {
  return new Handle(new Prepared(shell.process.system, new TextEncoder().encode(text)));
}

/** Puts a handle where the redirection says; returns that descriptor. */
function attach(
  shell: Shell,
  { descriptor }: Redirection,
  standard: number,
  handle: Handle,
): number {
  if (descriptor?.type === "FileDescriptorVariable") {
    const fd = shell.descriptors.free(NAMED_FROM);
    shell.variables.set(descriptor.name, String(fd));
    shell.descriptors.set(fd, handle);
    // It stays open after the command.
    return -1;
  }
  const fd = descriptor?.value ?? standard;
  shell.descriptors.set(fd, handle);
  return fd;
}

async function applyFile(shell: Shell, redirect: FileRedirect): Promise<readonly number[]> {
  const { operator, target, descriptor } = redirect;
  if (target === undefined) return [];
  const fields = await expandWords(shell, [target]);
  if (fields.length !== 1) throw new ShellError(`${target.text}: ambiguous redirect`);
  const name = fields[0] ?? "";
  const both =
    operator === "&>" ||
    operator === "&>>" ||
    (operator === ">&" && descriptor === undefined && !/^(?:\d+-?|-)$/.test(name));
  if (both) {
    const handle = open(shell, name, operator === "&>>" ? ">>" : ">");
    shell.descriptors.set(1, handle);
    shell.descriptors.set(2, handle);
    return [1, 2];
  }
  if (operator === ">&" || operator === "<&") return duplicate(shell, redirect, name);
  return [attach(shell, redirect, operator.startsWith("<") ? 0 : 1, open(shell, name, operator))];
}

/** `n>&m`, `n>&-`, `n>&m-`. */
function duplicate(shell: Shell, redirect: FileRedirect, name: string): readonly number[] {
  const standard = redirect.operator === "<&" ? 0 : 1;
  const { descriptor } = redirect;
  if (name === "-") {
    const fd =
      descriptor?.type === "FileDescriptorVariable"
        ? namedDescriptor(shell, descriptor.name)
        : (descriptor?.value ?? standard);
    shell.descriptors.close(fd);
    return descriptor?.type === "FileDescriptorVariable" ? [] : [fd];
  }
  const match = /^(\d+)(-?)$/.exec(name);
  const handle = match === null ? undefined : shell.descriptors.get(Number(match[1]));
  if (handle === undefined) throw new ShellError(`${name}: Bad file descriptor`);
  const fd = attach(shell, redirect, standard, handle);
  if (match?.[2] !== "-" || Number(match[1]) === fd) return [fd];
  shell.descriptors.close(Number(match[1]));
  return [fd, Number(match[1])];
}

/** The number that `{name}` or `{name[index]}` holds; -1 for none. */
function namedDescriptor(shell: Shell, name: string): number {
  const [, array = name, index = "0"] = /^(\w+)\[(\w+)\]$/.exec(name) ?? [];
  const value = shell.variables.find(array)?.entries.find(([key]) => key === index)?.[1];
  return Number(value ?? "-1");
}

const flags: Readonly<Record<string, number>> = {
  "<": OpenFlag.RDONLY,
  "<>": OpenFlag.RDWR | OpenFlag.CREAT,
  ">": OpenFlag.WRONLY | OpenFlag.CREAT | OpenFlag.TRUNC,
  ">|": OpenFlag.WRONLY | OpenFlag.CREAT | OpenFlag.TRUNC,
  ">>": OpenFlag.WRONLY | OpenFlag.CREAT | OpenFlag.APPEND,
};

/** Opens a file; descriptors of the shell itself stand under /dev/fd. */
export function open(shell: Shell, name: string, operator: string): Handle {
  const own = descriptorOfPath(name);
  if (own !== null) {
    const handle = shell.descriptors.get(own);
    if (handle === undefined) throw new ShellError(`${name}: No such file or directory`);
    return handle;
  }
  const { system } = shell.process;
  const path = resolvePath(shell.cwd, name);
  if (name === "") throw new ShellError(": No such file or directory");
  if (operator === ">" && shell.isOn("noclobber") && isFile(shell, path)) {
    throw new ShellError(`${name}: cannot overwrite existing file`);
  }
  try {
    const mode = NEW_FILE_MODE & ~shell.process.umask;
    const fd = system.callSync("open", path, flags[operator] ?? OpenFlag.RDONLY, mode);
    return new Handle(new KernelFile(system, fd));
  } catch (error) {
    throw new ShellError(`${name}: ${errnoWords(error)}`);
  }
}

function isFile(shell: Shell, path: string): boolean {
  try {
    return shell.process.system.callSync("stat", path).type === "file";
  } catch {
    return false;
  }
}

/** Number behind /dev/stdin, /dev/stdout, /dev/stderr and /dev/fd/N; null for other paths. */
export function descriptorOfPath(path: string): number | null {
  const standard = ["/dev/stdin", "/dev/stdout", "/dev/stderr"].indexOf(path);
  if (standard !== -1) return standard;
  const match = /^(?:\/dev\/fd|\/proc\/self\/fd)\/(\d+)$/.exec(path);
  return match === null ? null : Number(match[1]);
}
