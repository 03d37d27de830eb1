import { Compartment, EditorState, type Extension, Text, Transaction } from "@codemirror/state";
import { EditorView, keymap } from "@codemirror/view";
import { changedLines, replacement } from "../files/documents.ts";
import { GLOW_MS, glow, glowingLines } from "./glow.ts";
import { history } from "./history.ts";
import { editingKeys } from "./keys.ts";
import { languageOf } from "./languages.ts";
import { look, palette } from "./look.ts";

export interface CodeEditorOptions {
  readonly parent: HTMLElement;
  readonly dark: boolean;
  /** The person changed the text of this file. */
  onEdit(path: string): void;
  onSave(): void;
}

/** One file as the editor is to show it. */
export interface EditorFile {
  readonly path: string;
  readonly text: string;
  readonly lineSeparator: "\n" | "\r\n";
  /** What it held before the call that opened it; null when no call did. */
  readonly before: string | null;
}

/** CodeMirror with one state per open file. It knows nothing of the workspace. */
export class CodeEditor {
  readonly #view: EditorView;
  readonly #options: CodeEditorOptions;
  readonly #states = new Map<string, EditorState>();
  readonly #palette = new Compartment();
  readonly #language = new Compartment();
  #dark: boolean;
  #shown: string | null = null;
  #glowEnd: ReturnType<typeof setTimeout> | undefined;

  constructor(options: CodeEditorOptions) {
    this.#options = options;
    this.#dark = options.dark;
    this.#view = new EditorView({ parent: options.parent });
  }

  /** The text as it is to be written, with the file's own line breaks; null when it is not open. */
  text(path: string): string | null {
    return this.#state(path)?.sliceDoc() ?? null;
  }

  /** Shows the file; a new one gets a state, another keeps its text, cursor and history. */
  show(file: EditorFile): void {
    if (this.#shown === file.path) return;
    this.#keep();
    const known = this.#states.get(file.path);
    this.#shown = file.path;
    this.#view.setState(known ?? this.#create(file));
    this.#view.contentDOM.ariaLabel = `Editor, ${file.path}`;
    this.#recolour();
    if (known) return;
    void languageOf(file.path).then((language) => this.#setLanguage(file.path, language));
    if (file.before !== null) this.#glow(newLines(file.before, file.text));
  }

  /** Brings an open file to this text, keeping cursor and scroll, and lets what changed glow. */
  follow(path: string, text: string): void {
    const before = this.text(path);
    const state = this.#state(path);
    if (before === null || before === text || !state) return;
    // In the document every line break counts one and is "\n", so offsets are taken there.
    const old = state.doc.toString();
    const now = state.toText(text).toString();
    const { from, to, insert } = replacement(old, now);
    const lines = changedLines(old, now);
    const changes = { from, to, insert: Text.of(insert.split("\n")) };
    const spec = { changes, annotations: Transaction.remote.of(true) };
    if (path !== this.#shown) {
      this.#states.set(path, state.update(spec).state);
      return;
    }
    this.#view.dispatch(spec);
    this.#glow(lines);
  }

  forget(path: string): void {
    this.#states.delete(path);
    if (this.#shown === path) this.#shown = null;
  }

  setDark(dark: boolean): void {
    this.#dark = dark;
    this.#recolour();
  }

  focus(): void {
    this.#view.focus();
  }

  destroy(): void {
    clearTimeout(this.#glowEnd);
    this.#view.destroy();
  }

  #state(path: string): EditorState | undefined {
    return path === this.#shown ? this.#view.state : this.#states.get(path);
  }

  #keep(): void {
    if (this.#shown !== null) this.#states.set(this.#shown, this.#view.state);
  }

  #create(file: EditorFile): EditorState {
    const { path } = file;
    const told = EditorView.updateListener.of(({ docChanged, transactions }) => {
      const own = transactions.some((one) => !one.annotation(Transaction.remote));
      if (docChanged && own) this.#options.onEdit(path);
    });
    const save = { key: "Mod-s", preventDefault: true, run: () => (this.#options.onSave(), true) };
    return EditorState.create({
      doc: EditorState.create({
        extensions: EditorState.lineSeparator.of(file.lineSeparator),
      }).toText(file.text),
      extensions: [
        EditorState.lineSeparator.of(file.lineSeparator),
        keymap.of([save]),
        history(),
        editingKeys(),
        look(),
        glowingLines(),
        this.#palette.of(palette(this.#dark)),
        this.#language.of([]),
        told,
      ],
    });
  }

  #setLanguage(path: string, language: Extension): void {
    const effects = this.#language.reconfigure(language);
    if (path === this.#shown) this.#view.dispatch({ effects });
    const state = this.#states.get(path);
    if (state && path !== this.#shown) this.#states.set(path, state.update({ effects }).state);
  }

  #recolour(): void {
    if (this.#shown === null) return;
    this.#view.dispatch({ effects: this.#palette.reconfigure(palette(this.#dark)) });
  }

  #glow(lines: readonly number[]): void {
    const first = lines[0];
    if (first === undefined) return;
    const at = this.#view.state.doc.line(Math.min(first, this.#view.state.doc.lines)).from;
    const scroll = this.#view.hasFocus ? [] : [EditorView.scrollIntoView(at, { y: "center" })];
    this.#view.dispatch({ effects: [glow.of(lines), ...scroll] });
    clearTimeout(this.#glowEnd);
    this.#glowEnd = setTimeout(() => this.#view.dispatch({ effects: glow.of([]) }), GLOW_MS);
  }
}

/** Changed lines of a text that may use either kind of line break. */
function newLines(before: string, after: string): readonly number[] {
  const plain = (text: string) => text.replaceAll("\r\n", "\n");
  return changedLines(plain(before), plain(after));
}
