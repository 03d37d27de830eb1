import { indentUnit } from "@codemirror/language";
import { EditorSelection, type Extension } from "@codemirror/state";
import { type EditorView, keymap } from "@codemirror/view";

/**
 * Keys beyond what the browser's own editing does. Tab moves the focus on, as everywhere in the
 * page; Mod-] and Mod-[ indent.
 */
export function editingKeys(): Extension {
  return keymap.of([
    { key: "Mod-a", run: selectAll, preventDefault: true },
    { key: "Enter", run: newlineKeepingIndent },
    { key: "Mod-]", run: indent, preventDefault: true },
    { key: "Mod-[", run: outdent, preventDefault: true },
  ]);
}

/** The browser would select only the lines that are drawn. */
function selectAll(view: EditorView): boolean {
  view.dispatch({ selection: { anchor: 0, head: view.state.doc.length } });
  return true;
}

function newlineKeepingIndent(view: EditorView): boolean {
  const { state } = view;
  const change = state.changeByRange((range) => {
    const line = state.doc.lineAt(range.from);
    const space = /^\s*/.exec(line.text.slice(0, range.from - line.from))?.[0] ?? "";
    const insert = state.toText(state.lineBreak + space);
    return {
      changes: { from: range.from, to: range.to, insert },
      range: EditorSelection.cursor(range.from + insert.length),
    };
  });
  view.dispatch(state.update(change, { scrollIntoView: true, userEvent: "input" }));
  return true;
}

function indent(view: EditorView): boolean {
  const insert = view.state.facet(indentUnit);
  view.dispatch({ changes: selectedLines(view).map(({ from }) => ({ from, insert })) });
  return true;
}

function outdent(view: EditorView): boolean {
  const unit = view.state.facet(indentUnit).length;
  const changes = selectedLines(view).flatMap(({ from, text }) => {
    const spaces = /^\t| */.exec(text)?.[0].length ?? 0;
    return spaces === 0 ? [] : [{ from, to: from + Math.min(spaces, unit) }];
  });
  view.dispatch({ changes });
  return true;
}

function selectedLines(view: EditorView) {
  const { doc, selection } = view.state;
  const numbers = new Set<number>();
  for (const { from, to } of selection.ranges) {
    const last = doc.lineAt(to).number;
    for (let number = doc.lineAt(from).number; number <= last; number += 1) numbers.add(number);
  }
  return [...numbers].map((number) => doc.line(number));
}
