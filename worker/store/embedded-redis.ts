import { DurableObject } from "cloudflare:workers";
import { type CommandTable, type Reply } from "./commands.ts";
import { hashCommands } from "./hash-commands.ts";
import { keyCommands } from "./key-commands.ts";
import { Keyspace } from "./keyspace.ts";
import { ReplyError, wrongNumberOfArguments } from "./reply-error.ts";
import { scriptCommands } from "./script-commands.ts";
import { sortedSetCommands } from "./sorted-set-commands.ts";
import { stringCommands } from "./string-commands.ts";

/** Expired keys do not exist; this often at most, their space is freed as well. */
const SWEEP_INTERVAL_MS = 60_000;

/** One command and its arguments. */
export type Command = readonly (string | number | boolean)[];

/** One command's answer, in the form of the Upstash REST protocol. */
export type CommandResult = { readonly result: Reply } | { readonly error: string };

const commands: CommandTable = {
  ...keyCommands,
  ...stringCommands,
  ...hashCommands,
  ...sortedSetCommands,
  ...scriptCommands,
};

/**
 * The part of Redis that Disco uses, on the storage of one Durable Object: the store of a machine or
 * deployment that has no Upstash Redis. What it answers is what a Redis server answers.
 */
export class EmbeddedRedis extends DurableObject<Env> {
  readonly #keys: Keyspace;
  #sweepIsDue = false;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#keys = new Keyspace(ctx.storage.sql, () => Date.now());
  }

  async single(command: Command): Promise<CommandResult> {
    const result = this.#runAtomically(command);
    await this.#planSweep();
    return result;
  }

  /** Runs each command by itself: a failed one does not stop the next (Upstash REST, pipelining). */
  async pipeline(list: readonly Command[]): Promise<CommandResult[]> {
    const results = list.map((command) => this.#runAtomically(command));
    await this.#planSweep();
    return results;
  }

  /**
   * MULTI and EXEC in one: no other command runs between them. As in Redis, a command that is none
   * discards all of them, while one that fails when it runs does not undo the others.
   */
  async multiExec(list: readonly Command[]): Promise<CommandResult[] | { error: string }> {
    try {
      for (const command of list) checkCommand(command);
    } catch (error) {
      replyOf(error);
      return { error: "EXECABORT Transaction discarded because of previous errors." };
    }
    const results = this.ctx.storage.transactionSync(() =>
      list.map((command) => this.#runAtomically(command)),
    );
    await this.#planSweep();
    return results;
  }

  override async alarm(): Promise<void> {
    this.#sweepIsDue = false;
    this.#keys.sweep();
    await this.#planSweep();
  }

  #runAtomically(command: Command): CommandResult {
    try {
      const { run, args } = checkCommand(command);
      return { result: this.ctx.storage.transactionSync(() => run(this.#keys, args)) };
    } catch (error) {
      return { error: replyOf(error) };
    }
  }

  async #planSweep(): Promise<void> {
    if (this.#sweepIsDue) return;
    const next = this.#keys.nextExpiry();
    if (next === null) return;
    this.#sweepIsDue = true;
    await this.ctx.storage.setAlarm(Math.max(next, Date.now() + SWEEP_INTERVAL_MS));
  }
}

function checkCommand([name, ...rest]: Command) {
  const definition = commands[String(name).toUpperCase()];
  if (!definition) throw new ReplyError(`ERR unknown command '${String(name)}'`);
  const args = rest.map(String);
  if (args.length < definition.min || args.length > definition.max) {
    throw wrongNumberOfArguments(String(name).toLowerCase());
  }
  return { run: definition.run, args };
}

/** Anything but Redis' own words is a defect and stays one. */
function replyOf(error: unknown): string {
  if (error instanceof ReplyError) return error.message;
  throw error;
}
