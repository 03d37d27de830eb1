import { type OperationInput, type OperationOutput, registry } from "#protocol/registry.ts";
import type { CommandBook } from "#sandbox/dispatch/commands/command-book.ts";
import { gitHandlers } from "#sandbox/dispatch/handlers/git.ts";
import type { Runtime } from "#sandbox/runtime/runtime.ts";
import type * as z from "zod";
import { newCommandBook, tabContext } from "./tab-context.ts";

type Name = keyof typeof gitHandlers;
type Given<Called extends Name> = z.input<(typeof registry)[Called]["input"]>;

const encoder = new TextEncoder();

/** The git operations of one runtime, called as the tab calls them. */
export class GitCalls {
  readonly runtime: Runtime;
  readonly commands: CommandBook = newCommandBook();

  constructor(runtime: Runtime) {
    this.runtime = runtime;
  }

  /** @throws Error when the arguments do not fit */
  async call<Called extends Name>(
    name: Called,
    given: Given<Called>,
    signal = new AbortController().signal,
  ): Promise<OperationOutput<Called>> {
    const { commands } = this;
    const input = registry[name].input.parse(given) as OperationInput<Called>;
    const handler = gitHandlers[name] as (input: unknown, context: unknown) => Promise<unknown>;
    const output = await handler(input, tabContext(this.runtime, { commands, signal }));
    return registry[name].output.parse(output) as OperationOutput<Called>;
  }

  /** @throws Error with what git says when it fails */
  async git(...args: string[]): Promise<string> {
    const process = await this.runtime.spawn("git", args);
    const [out, errors, { code }] = await Promise.all([
      new Response(process.stdout as BodyInit).text(),
      new Response(process.stderr as BodyInit).text(),
      process.exit,
    ]);
    if (code !== 0) throw new Error(`git ${args.join(" ")}: ${code}\n${out}${errors}`);
    return out;
  }

  async write(path: string, text: string): Promise<void> {
    const { files, root } = this.runtime;
    const absolute = `${root}/${path}`;
    await files.mkdir(absolute.slice(0, absolute.lastIndexOf("/")), { recursive: true });
    await files.write(absolute, encoder.encode(text));
  }

  async read(path: string): Promise<string> {
    const { files, root } = this.runtime;
    return new TextDecoder().decode(await files.read(`${root}/${path}`));
  }

  remove(path: string): Promise<void> {
    return this.runtime.files.remove(`${this.runtime.root}/${path}`, { recursive: true });
  }

  async dispose(): Promise<void> {
    this.commands.dispose();
    await this.runtime.dispose();
  }
}
