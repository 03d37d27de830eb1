import { DiscoError } from "#protocol/errors.ts";
import type { Clock } from "../../connection/clock.ts";
import type { Process } from "../../runtime/runtime.ts";
import { Command } from "./command.ts";
import { LogRoom } from "./log-room.ts";

/** Commands that are kept after their end: the history of a day's work. */
export const ENDED_MAX = 256;

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
  readonly #logs = new LogRoom();
  /** In the order of their starts. */
  readonly #commands = new Map<string, Command>();
  /** In the order of their ends. */
  readonly #ended = new Set<Command>();
  #started = 0;

  constructor(options: CommandBookOptions) {
    this.#options = options;
  }

  /** Keeps a process that a call has just started, and reads its output from now on. */
  add(process: Process, line: string, client: string): Command {
    const { clock, newId } = this.#options;
    this.#started += 1;
    const start = { id: newId(), number: this.#started, line, client };
    const command = new Command(start, process, this.#logs.open(), clock);
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

  /** All that are kept, the one that started last first. */
  history(): Command[] {
    return [...this.#commands.values()].toReversed();
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
    for (const oldest of this.#ended) {
      if (this.#ended.size <= ENDED_MAX) return;
      this.#ended.delete(oldest);
      this.#commands.delete(oldest.start.id);
      this.#logs.forget(oldest.log);
    }
  }
}

/** `p_` and random hexadecimal digits. */
export function randomId(): string {
  return `p_${crypto.randomUUID().replaceAll("-", "").slice(0, ID_CHARS)}`;
}
