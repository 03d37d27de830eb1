/** What a person did at the keyboard. */
export type Key =
  | { readonly type: "text"; readonly text: string }
  /** From the clipboard, line feeds included. */
  | { readonly type: "paste"; readonly text: string }
  | { readonly type: KeyName };

export type KeyName =
  | "enter"
  | "tab"
  | "backspace"
  | "delete"
  | "left"
  | "right"
  | "up"
  | "down"
  | "home"
  | "end"
  | "word_left"
  | "word_right"
  | "kill_to_end"
  | "kill_to_start"
  | "kill_word"
  | "yank"
  | "clear"
  | "interrupt"
  | "end_of_input"
  /** Through the history, backwards. */
  | "search"
  | "cancel"
  | "ignored";

const controls: Readonly<Record<string, KeyName>> = {
  "\r": "enter",
  "\n": "enter",
  "\t": "tab",
  "\x7f": "backspace",
  "\b": "backspace",
  "\x01": "home",
  "\x02": "left",
  "\x03": "interrupt",
  "\x04": "end_of_input",
  "\x05": "end",
  "\x06": "right",
  "\x07": "cancel",
  "\x0b": "kill_to_end",
  "\x0c": "clear",
  "\x0e": "down",
  "\x10": "up",
  "\x12": "search",
  "\x15": "kill_to_start",
  "\x17": "kill_word",
  "\x19": "yank",
};

/** Control sequences of xterm (ctlseqs, "PC-Style Function Keys") and of readline's Meta keys. */
const escapes: Readonly<Record<string, KeyName>> = {
  "[A": "up",
  "[B": "down",
  "[C": "right",
  "[D": "left",
  "[H": "home",
  "[F": "end",
  OA: "up",
  OB: "down",
  OC: "right",
  OD: "left",
  OH: "home",
  OF: "end",
  "[1~": "home",
  "[3~": "delete",
  "[4~": "end",
  "[7~": "home",
  "[8~": "end",
  "[1;5C": "word_right",
  "[1;5D": "word_left",
  "[1;3C": "word_right",
  "[1;3D": "word_left",
  f: "word_right",
  b: "word_left",
  "\x7f": "kill_word",
};

const PASTE_START = "\x1b[200~";
const PASTE_END = "\x1b[201~";

/** A sequence that is complete, and one that more input may complete. */
// oxlint-disable-next-line no-control-regex -- terminals speak in control characters
const sequence = /^\x1b(\[[0-9;?]*[ -/]*[@-~]|O[ -~]|[^[O])/s;
// oxlint-disable-next-line no-control-regex -- terminals speak in control characters
const openSequence = /^\x1b(\[[0-9;?]*[ -/]*|O)?$/;

export interface Decoded {
  readonly keys: readonly Key[];
  /** Start of a sequence whose end has not come yet: goes before the next input. */
  readonly rest: string;
}

/** Takes terminal input apart. Unknown sequences become `ignored`, so that they never reach a line. */
export function decodeKeys(input: string): Decoded {
  const keys: Key[] = [];
  let at = 0;
  while (at < input.length) {
    const rest = input.slice(at);
    if (rest.startsWith(PASTE_START)) {
      const end = rest.indexOf(PASTE_END);
      if (end === -1) return { keys, rest };
      const text = rest.slice(PASTE_START.length, end);
      keys.push({ type: "paste", text: text.replaceAll(/\r\n?/g, "\n") });
      at += end + PASTE_END.length;
    } else if (rest.startsWith("\x1b")) {
      if (openSequence.test(rest)) return { keys, rest };
      const [whole, body = ""] = sequence.exec(rest) ?? ["\x1b"];
      keys.push({ type: escapes[body] ?? "ignored" });
      at += whole.length;
    } else {
      // oxlint-disable-next-line no-control-regex -- terminals speak in control characters
      const text = /^[^\x00-\x1f\x7f]+/.exec(rest)?.[0];
      if (text === undefined) keys.push({ type: controls[rest.charAt(0)] ?? "ignored" });
      else keys.push({ type: "text", text });
      at += text?.length ?? 1;
    }
  }
  return { keys, rest: "" };
}
