import type { AndOr, PipelineNode, SyntaxNode } from "unbash";
import { parseScript, visit } from "../syntax/parse.ts";
import { Source } from "../syntax/source.ts";
import type { Frame, Shell } from "./shell.ts";
import { Options } from "./options.ts";
import { addSpecialVariables } from "./special-variables.ts";
import { Traps } from "./traps.ts";
import { Variables, type VariablesSnapshot } from "./variables.ts";

/*
 * The state of a shell as a message can carry it: what `fork` copies on a Unix. Syntax trees do not
 * travel; the other side parses the same text, and finds the node by its place.
 */

interface SourceSnapshot {
  readonly text: string;
  readonly line: number;
}

/** A node of the tree that a source's text parses to, by offsets into that text. */
interface Place {
  /** The same object for the same text: structured cloning keeps that. */
  readonly source: SourceSnapshot;
  readonly type: string;
  readonly pos: number;
  readonly end: number;
}

/** Fields that are plain data. */
const plainFields = [
  "name",
  "parameters",
  "frames",
  "directories",
  "status",
  "pipeStatus",
  "lastBackground",
  "lastArgument",
  "depth",
  "file",
  "getoptsOffset",
  "traceDepth",
] as const;
type PlainFields = Pick<Shell, (typeof plainFields)[number]>;

export interface ShellSnapshot {
  readonly plain: PlainFields;
  readonly variables: VariablesSnapshot;
  readonly functions: readonly { name: string; file: string; isExported: boolean; body: Place }[];
  readonly aliases: ReadonlyMap<string, string>;
  readonly options: { readonly set: ReadonlySet<string>; readonly shopt: ReadonlySet<string> };
  readonly traps: {
    readonly actions: ReadonlyMap<string, string>;
    readonly inherited: ReadonlyMap<string, string>;
  };
  readonly process: {
    readonly pid: number;
    readonly parent: number;
    readonly umask: number;
    readonly script: string;
    readonly howStarted: string;
    readonly hidesLines: boolean;
  };
  /** Milliseconds since the shell started, for SECONDS. */
  readonly age: number;
  readonly position: number;
  /** What is to run. */
  readonly node: Place;
}

/** @param node of the shell's current source */
export function snapshotOf(shell: Shell, node: PipelineNode | AndOr): ShellSnapshot {
  const sources = new Map<Source, SourceSnapshot>();
  const place = (source: Source, { type, pos, end }: SyntaxNode): Place => {
    const known = sources.get(source) ?? { text: source.text, line: source.line };
    sources.set(source, known);
    return { source: known, type, pos: pos - source.base, end: end - source.base };
  };
  const { process, options, traps, variables } = shell;
  return {
    plain: Object.fromEntries(plainFields.map((field) => [field, shell[field]])) as PlainFields,
    variables: variables.snapshot(),
    functions: Array.from(
      shell.functions.values(),
      ({ name, file, source, body, isExported = false }) => ({
        name,
        file,
        isExported,
        body: place(source, body as SyntaxNode),
      }),
    ),
    aliases: shell.aliases,
    options: { set: options.set, shopt: options.shopt },
    traps: { actions: traps.actions, inherited: traps.inherited },
    process: {
      pid: process.pid,
      parent: process.parent,
      umask: process.umask,
      script: process.script,
      howStarted: process.howStarted,
      hidesLines: process.hidesLines,
    },
    age: performance.now() - shell.startedAt,
    position: shell.position - shell.source.base,
    node: place(shell.source, node),
  };
}

/** Makes a new shell what the snapshot tells of; returns the node that it is to run. */
export function restoreShell(shell: Shell, snapshot: ShellSnapshot): PipelineNode | AndOr {
  const find = finder();
  Object.assign(shell, snapshot.plain satisfies { frames: readonly Frame[] });
  Object.assign(shell.process, snapshot.process, { depth: shell.depth });
  shell.startedAt = performance.now() - snapshot.age;
  shell.variables = Variables.from(snapshot.variables);
  addSpecialVariables(shell);
  for (const name of Array.from(shell.variables.computed.keys())) {
    if (!snapshot.variables.computed.includes(name)) shell.variables.computed.delete(name);
  }
  for (const { name, file, body, isExported } of snapshot.functions) {
    const { node, source } = find(body);
    shell.functions.set(name, { name, file, source, isExported, body: node as never });
  }
  shell.aliases = new Map(snapshot.aliases);
  shell.options = new Options(snapshot.options.set, snapshot.options.shopt);
  shell.traps = new Traps();
  for (const [name, action] of snapshot.traps.actions) shell.traps.actions.set(name, action);
  shell.traps.inherited = snapshot.traps.inherited;
  const { node, source } = find(snapshot.node);
  shell.source = source;
  shell.position = snapshot.position;
  return node as PipelineNode | AndOr;
}

interface Found {
  readonly node: SyntaxNode;
  readonly source: Source;
}

function finder(): (place: Place) => Found {
  const parsed = new Map<SourceSnapshot, { nodes: Map<string, SyntaxNode>; source: Source }>();
  return ({ source, type, pos, end }) => {
    let known = parsed.get(source);
    if (known === undefined) {
      const nodes = new Map<string, SyntaxNode>();
      visit(parseScript(source.text).script, (node) => {
        nodes.set(`${node.type} ${node.pos} ${node.end}`, node);
      });
      known = { nodes, source: new Source(source.text, 0, source.line) };
      parsed.set(source, known);
    }
    const node = known.nodes.get(`${type} ${pos} ${end}`);
    if (node === undefined) throw new Error("a command could not be handed to another process");
    return { node, source: known.source };
  };
}
