export interface Key {
  readonly text: string | undefined;
  readonly sequence: string;
  readonly name: string | undefined;
  readonly ctrl: boolean;
  readonly meta: boolean;
  readonly shift: boolean;
}

const named: Record<string, string> = {
  "\r": "return",
  "\n": "enter",
  "\t": "tab",
  "\b": "backspace",
  "\u007F": "backspace",
  "\u001B": "escape",
  " ": "space",
};

/** Final bytes of the sequences that keys send (ECMA-48 CSI and SS3, as xterm has them). */
const finals: Record<string, string> = {
  A: "up",
  B: "down",
  C: "right",
  D: "left",
  E: "clear",
  F: "end",
  H: "home",
  P: "f1",
  Q: "f2",
  R: "f3",
  S: "f4",
  Z: "tab",
};
const tildes: Record<string, string> = {
  1: "home",
  2: "insert",
  3: "delete",
  4: "end",
  5: "pageup",
  6: "pagedown",
  15: "f5",
  17: "f6",
  18: "f7",
  19: "f8",
  20: "f9",
  21: "f10",
  23: "f11",
  24: "f12",
};

// oxlint-disable-next-line no-control-regex -- keys are told by control characters
const sequence = /\u001B(?:\[(\d*)(?:;(\d+))?([~A-Za-z])|O([A-Za-z])|([^\u001B]))?|[\s\S]/gu;

/** The keys in what a terminal sent, as `emitKeypressEvents` tells them. */
export function keysOf(input: string): Key[] {
  return Array.from(input.matchAll(sequence), ([text, number, modifier, final, ss3, meta]) => {
    const base = { sequence: text, ctrl: false, meta: false, shift: false };
    const letter = final ?? ss3;
    if (letter !== undefined) {
      const bits = Number(modifier ?? 1) - 1;
      const name = letter === "~" ? tildes[number ?? ""] : finals[letter];
      return {
        ...base,
        text: undefined,
        name: name ?? "undefined",
        shift: (bits & 1) !== 0 || letter === "Z",
        meta: (bits & 2) !== 0,
        ctrl: (bits & 4) !== 0,
      };
    }
    if (meta !== undefined)
      return { ...base, ...plain(meta), sequence: text, text: undefined, meta: true };
    return { ...base, ...plain(text) };
  });
}

function plain(text: string): Pick<Key, "text" | "name" | "ctrl" | "shift"> {
  const known = named[text];
  if (known !== undefined) return { text, name: known, ctrl: false, shift: false };
  const code = text.codePointAt(0) ?? 0;
  if (code >= 1 && code <= 26) {
    return { text, name: String.fromCodePoint(code + 96), ctrl: true, shift: false };
  }
  const letter = /^[a-z]$/i.test(text);
  return {
    text,
    name: letter || /^\d$/.test(text) ? text.toLowerCase() : undefined,
    ctrl: false,
    shift: /^[A-Z]$/.test(text),
  };
}
