import type { Key } from "./keys.ts";
import { foundLine, type HistorySearch, searchStep, startSearch } from "./history-search.ts";
import { graphemes } from "./width.ts";

/** The line that is being typed, and the lines before it. Never changed, only replaced. */
export interface LineEditor {
  readonly chars: readonly string[];
  /** Index into `chars`: what is typed goes there. */
  readonly cursor: number;
  /** Oldest first. */
  readonly history: readonly string[];
  /** Which line of the history is shown; its length for the new line. */
  readonly position: number;
  /** The new line, while the history is shown. */
  readonly draft: string;
  /** What was cut last, for ctrl-Y. */
  readonly cut: string;
  /** While the history is searched. */
  readonly search: HistorySearch | null;
}

export type Action =
  | { readonly type: "none" }
  | { readonly type: "bell" }
  | { readonly type: "complete" }
  | { readonly type: "submit"; readonly text: string }
  | { readonly type: "interrupt" }
  /** End of input: ctrl-D on an empty line. */
  | { readonly type: "end" }
  | { readonly type: "clear" };

export interface Pressed {
  readonly editor: LineEditor;
  readonly action: Action;
}

/** Lines kept, as bash does by default (HISTSIZE). */
const HISTORY_MAX = 500;

export function newLine(history: readonly string[] = [], cut = ""): LineEditor {
  const position = history.length;
  return { chars: [], cursor: 0, history, position, draft: "", cut, search: null };
}

export function textOf(editor: LineEditor): string {
  return editor.chars.join("");
}

/** Adds a line to the history, unless it is empty or the same as the last. */
export function remember(history: readonly string[], line: string): readonly string[] {
  if (line.trim() === "" || history.at(-1) === line) return history;
  return [...history, line].slice(-HISTORY_MAX);
}

/** Takes a key as readline's emacs mode does. */
export function press(editor: LineEditor, key: Key): Pressed {
  const { search, history } = editor;
  if (search === null) return pressPlain(editor, key);
  const step = searchStep(search, history, key);
  if (step.type === "on")
    return edited({ ...editor, ...foundLine(step.search, history), search: step.search });
  const plain = { ...editor, search: null };
  if (step.type === "taken") return pressPlain(plain, key);
  return edited({ ...plain, chars: search.chars, cursor: search.cursor });
}

function pressPlain(editor: LineEditor, key: Key): Pressed {
  const { chars, cursor } = editor;
  switch (key.type) {
    case "text":
    case "paste":
      return edited(insert(editor, key.text));
    case "enter":
      return { editor, action: { type: "submit", text: textOf(editor) } };
    case "interrupt":
      return { editor, action: { type: "interrupt" } };
    case "clear":
      return { editor, action: { type: "clear" } };
    case "end_of_input":
      if (chars.length === 0) return { editor, action: { type: "end" } };
      return cutRange(editor, cursor, cursor + 1, false);
    case "backspace":
      return cutRange(editor, cursor - 1, cursor, false);
    case "delete":
      return cutRange(editor, cursor, cursor + 1, false);
    case "kill_to_end":
      return cutRange(editor, cursor, chars.length, true);
    case "kill_to_start":
      return cutRange(editor, 0, cursor, true);
    case "kill_word":
      return cutRange(editor, wordStart(chars, cursor), cursor, true);
    case "yank":
      return edited(insert(editor, editor.cut));
    case "left":
      return moved(editor, cursor - 1);
    case "right":
      return moved(editor, cursor + 1);
    case "word_left":
      return moved(editor, wordStart(chars, cursor));
    case "word_right":
      return moved(editor, wordEnd(chars, cursor));
    case "home":
      return moved(editor, 0);
    case "end":
      return moved(editor, chars.length);
    case "up":
      return recall(editor, editor.position - 1);
    case "down":
      return recall(editor, editor.position + 1);
    case "tab":
      return { editor, action: { type: "complete" } };
    case "search":
      return edited({ ...editor, search: startSearch(editor) });
    case "cancel":
      return { editor, action: { type: "bell" } };
    case "ignored":
      return edited(editor);
  }
}

function edited(editor: LineEditor): Pressed {
  return { editor, action: { type: "none" } };
}

function insert(editor: LineEditor, text: string): LineEditor {
  const before = editor.chars.slice(0, editor.cursor).join("") + text;
  const after = editor.chars.slice(editor.cursor).join("");
  // Joined first: a combining mark becomes one with the character before it.
  return { ...editor, chars: graphemes(before + after), cursor: graphemes(before).length };
}

function moved(editor: LineEditor, cursor: number): Pressed {
  return edited({ ...editor, cursor: Math.max(0, Math.min(cursor, editor.chars.length)) });
}

function cutRange(editor: LineEditor, from: number, to: number, keep: boolean): Pressed {
  const { chars } = editor;
  if (from < 0 || to > chars.length || from === to) return { editor, action: { type: "bell" } };
  const cut = keep ? chars.slice(from, to).join("") : editor.cut;
  return edited({
    ...editor,
    chars: [...chars.slice(0, from), ...chars.slice(to)],
    cursor: from,
    cut,
  });
}

function recall(editor: LineEditor, position: number): Pressed {
  const { history } = editor;
  if (position < 0 || position > history.length) return { editor, action: { type: "bell" } };
  const draft = editor.position === history.length ? textOf(editor) : editor.draft;
  const chars = graphemes(history[position] ?? draft);
  return edited({ ...editor, chars, cursor: chars.length, position, draft });
}

/** Start of the word before the cursor, spaces between skipped. */
function wordStart(chars: readonly string[], cursor: number): number {
  let at = cursor;
  while (at > 0 && isSpace(chars[at - 1])) at--;
  while (at > 0 && !isSpace(chars[at - 1])) at--;
  return at;
}

function wordEnd(chars: readonly string[], cursor: number): number {
  let at = cursor;
  while (at < chars.length && isSpace(chars[at])) at++;
  while (at < chars.length && !isSpace(chars[at])) at++;
  return at;
}

function isSpace(char: string | undefined): boolean {
  return char !== undefined && /^\s/.test(char);
}
