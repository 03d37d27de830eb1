import type { Handle } from "../../redirect/descriptors.ts";
import type { Shell } from "../../state/shell.ts";
import { lineGroups } from "../text/lines.ts";

export interface SedLine {
  readonly text: string;
  /** Whether a line feed ended it. */
  readonly hasEnd: boolean;
}

/** The lines of one or more inputs, with a look at whether another one comes. */
export class SedInput {
  readonly #shell: Shell;
  readonly #open: (() => Promise<Handle | null>)[];
  readonly #delimiter: number;
  #groups: ReturnType<typeof lineGroups> | null = null;
  #handle: Handle | null = null;
  readonly #ready: SedLine[] = [];
  /** Called before the input is waited for. */
  onWait: () => Promise<void> = () => Promise.resolve();

  constructor(shell: Shell, open: readonly (() => Promise<Handle | null>)[], delimiter: number) {
    this.#shell = shell;
    this.#open = [...open];
    this.#delimiter = delimiter;
  }

  async next(): Promise<SedLine | null> {
    await this.#fill(1);
    return this.#ready.shift() ?? null;
  }

  async isAtEnd(): Promise<boolean> {
    await this.#fill(1);
    return this.#ready.length === 0;
  }

  close(): void {
    this.#handle?.release();
    this.#handle = null;
  }

  async #fill(count: number): Promise<void> {
    while (this.#ready.length < count) {
      if (this.#groups === null) {
        const open = this.#open.shift();
        if (open === undefined) return;
        this.#handle = await open();
        if (this.#handle === null) continue;
        this.#groups = lineGroups(this.#shell, this.#handle, this.#delimiter);
      }
      await this.onWait();
      const group = await this.#groups.next();
      if (group.done === true) {
        this.close();
        this.#groups = null;
        continue;
      }
      const { lines, endsInLine } = group.value;
      lines.forEach((text, index) =>
        this.#ready.push({ text, hasEnd: endsInLine || index < lines.length - 1 }),
      );
    }
  }
}
