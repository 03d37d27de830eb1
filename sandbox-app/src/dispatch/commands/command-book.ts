import { DiscoError } from "#protocol/errors.ts";
import type { Clock } from "../../connection/clock.ts";
import type { Process } from "../../runtime/runtime.ts";
import { Command } from "./command.ts";

/** Commands that are kept after their end: more than a client looks back at. */
export const ENDED_MAX = 64;

/** Characters of their logs together; many long ones would weigh on the page. */
export const ENDED_LOG_MAX_CHARS = 8 * 1_024 * 1_024;

/** Of a random id: of 48 bits nobody guesses one, and a model copies them without a mistake. */
const ID_CHARS = 12;

export interface CommandBookOptions {
  readonly clock: Clock;
  /** Makes ids that nobody can guess. */
  readonly newId: () => string;
}

/** The commands of one runtime: those that run, and those that ended last. */
export class CommandBook {
  readonly #options: CommandBookOptions;
  /** In the order of their starts. */
  readonly #commands = new Map<string, Command>();
  /** In the order of their ends. */
  readonly #ended = new Set<Command>();

  constructor(options: CommandBookOptions) {
    this.#options = options;
  }

  /** Keeps a process that a call has just started, and reads its output from now on. */
  add(process: Process, line: string, client: string): Command {
    const { clock, newId } = this.#options;
    const command = new Command({ id: newId(), line, client }, process, clock);
    this.#commands.set(command.start.id, command);
    void command.ended.then(() => this.#keepEnded(command));
    return command;
  }

  /** @throws DiscoError process_not_found */
  get(id: string): Command {
    const command = this.#commands.get(id);
    if (command !== undefined) return command;
    const message = `There is no process ${JSON.stringify(id)} here now.`;
    throw new DiscoError("process_not_found", message);
  }

  /** Those that run, in the order of their starts. */
  running(): Command[] {
    return [...this.#commands.values()].filter(({ end }) => end === undefined);
  }

  /** Those that ended, the latest first. */
  ended(): Command[] {
    return [...this.#ended].toReversed();
  }

  /** The runtime is gone: nothing runs any more, and nobody waits for it. */
  dispose(): void {
    for (const command of this.running()) {
      command.signal("SIGKILL");
      command.lost();
    }
  }

  #keepEnded(command: Command): void {
    this.#ended.add(command);
    let chars = 0;
    for (const { log } of this.#ended) chars += log.end - log.start;
    for (const oldest of this.#ended) {
      if (this.#ended.size <= ENDED_MAX && chars <= ENDED_LOG_MAX_CHARS) return;
      chars -= oldest.log.end - oldest.log.start;
      this.#ended.delete(oldest);
      this.#commands.delete(oldest.start.id);
    }
  }
}

/** `p_` and random hexadecimal digits. */
export function randomId(): string {
  return `p_${crypto.randomUUID().replaceAll("-", "").slice(0, ID_CHARS)}`;
}
