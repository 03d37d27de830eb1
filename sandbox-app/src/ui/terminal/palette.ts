import type { ITheme } from "@xterm/xterm";

const ANSI = [
  "black",
  "red",
  "green",
  "yellow",
  "blue",
  "magenta",
  "cyan",
  "white",
  "brightBlack",
  "brightRed",
  "brightGreen",
  "brightYellow",
  "brightBlue",
  "brightMagenta",
  "brightCyan",
  "brightWhite",
] as const;

/** The page's tokens as xterm wants them: resolved colours, because it draws by itself. */
export function terminalTheme(probe: HTMLElement): ITheme {
  const colour = (token: string) => {
    probe.style.color = `var(--${token})`;
    return getComputedStyle(probe).color;
  };
  const theme: ITheme = {
    background: colour("canvas"),
    foreground: colour("text"),
    cursor: colour("accent"),
    cursorAccent: colour("canvas"),
    selectionBackground: colour("selection"),
  };
  for (const [index, name] of ANSI.entries()) theme[name] = colour(`ansi-${index}`);
  probe.style.color = "";
  return theme;
}
