import { FitAddon } from "@xterm/addon-fit";
import { type ITheme, Terminal } from "@xterm/xterm";
import "@xterm/xterm/css/xterm.css";
import type { Process, ProcessExit, Runtime } from "../../runtime/runtime.ts";
import { allowedLink, limitEscapes } from "./limits.ts";

/** Lines that can be scrolled back. */
const SCROLLBACK_LINES = 5_000;

export interface ShellTerminalOptions {
  readonly parent: HTMLElement;
  readonly runtime: Runtime;
  readonly theme: ITheme;
  readonly font: string;
  /** Id of the element that says how to leave the terminal by keyboard. */
  readonly describedBy: string;
  onRunning(): void;
  /** The shell ended, or could not start. */
  onEnded(words: string): void;
  onLink(uri: string): void;
  onKey(): void;
  /** Keys that belong to the page, not to the shell. */
  isPageKey(event: KeyboardEvent): boolean;
}

/** An xterm with a shell of the container behind it. */
export class ShellTerminal {
  readonly #terminal: Terminal;
  readonly #fit = new FitAddon();
  readonly #options: ShellTerminalOptions;
  #process: Process | null = null;
  #gone = false;

  constructor(options: ShellTerminalOptions) {
    this.#options = options;
    this.#terminal = new Terminal({
      theme: options.theme,
      fontFamily: options.font,
      fontSize: 12.5,
      lineHeight: 1.25,
      scrollback: SCROLLBACK_LINES,
      cursorBlink: !matchMedia("(prefers-reduced-motion: reduce)").matches,
      minimumContrastRatio: 4.5,
      linkHandler: {
        allowNonHttpProtocols: false,
        activate: (_event, text) => {
          const uri = allowedLink(text);
          if (uri !== null) options.onLink(uri);
        },
      },
    });
    limitEscapes(this.#terminal);
    this.#terminal.loadAddon(this.#fit);
    this.#terminal.open(options.parent);
    this.#terminal.textarea?.setAttribute("aria-describedby", options.describedBy);
    this.#terminal.attachCustomKeyEventHandler((event) => !options.isPageKey(event));
    this.fit();
  }

  /** Starts the shell and carries bytes both ways until it ends. Failures are told, not thrown. */
  async run(): Promise<void> {
    const { runtime } = this.#options;
    const { cols: columns, rows } = this.#terminal;
    try {
      const shell = await runtime.spawn("bash", [], { pty: { columns, rows } });
      if (this.#gone) {
        shell.kill();
        return;
      }
      this.#process = shell;
      this.#options.onRunning();
      this.#connect(shell);
      await this.#show(shell.stdout);
      this.#end(words(await shell.exit));
    } catch (error) {
      const why = error instanceof Error ? error.message.replace(/\.$/, "") : "unknown";
      this.#end(`Could not start a shell: ${why}`);
    }
  }

  fit(): void {
    const { clientWidth, clientHeight } = this.#options.parent;
    if (clientWidth > 0 && clientHeight > 0) this.#fit.fit();
  }

  setTheme(theme: ITheme): void {
    this.#terminal.options.theme = theme;
  }

  focus(): void {
    this.#terminal.focus();
  }

  dispose(): void {
    this.#gone = true;
    this.#process?.kill();
    this.#terminal.dispose();
  }

  #connect(shell: Process): void {
    const input = shell.stdin.getWriter();
    const encoder = new TextEncoder();
    this.#terminal.onData((text) => {
      this.#options.onKey();
      // A shell that has ended takes no more keys; `exit` tells of it.
      input.write(encoder.encode(text)).catch(() => undefined);
    });
    this.#terminal.onResize(({ cols, rows }) => shell.resize?.(cols, rows));
    shell.resize?.(this.#terminal.cols, this.#terminal.rows);
  }

  /** Each piece is awaited, so that a program that floods its output is slowed down, not the page. */
  async #show(output: ReadableStream<Uint8Array>): Promise<void> {
    const reader = output.getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done || this.#gone) return;
      await new Promise<void>((resolve) => this.#terminal.write(value, resolve));
    }
  }

  #end(said: string): void {
    this.#process = null;
    if (this.#gone) return;
    this.#terminal.options.disableStdin = true;
    this.#terminal.options.cursorBlink = false;
    this.#options.onEnded(said);
  }
}

function words({ code, signal }: ProcessExit): string {
  return signal === null ? `Shell ended with exit code ${code ?? 0}` : `Shell ended by ${signal}`;
}
