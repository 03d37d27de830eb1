import {
  bracketMatching,
  defaultHighlightStyle,
  indentOnInput,
  indentUnit,
  syntaxHighlighting,
} from "@codemirror/language";
import { EditorState, type Extension } from "@codemirror/state";
import { oneDarkHighlightStyle } from "@codemirror/theme-one-dark";
import {
  drawSelection,
  dropCursor,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  lineNumbers,
} from "@codemirror/view";

/** What every file's editor has, whatever its language. Colours come from the page's tokens. */
export function look(): Extension {
  return [
    lineNumbers(),
    highlightActiveLine(),
    highlightActiveLineGutter(),
    highlightSpecialChars({ addSpecialChars: /[\u202a-\u202e\u2066-\u2069\u200b-\u200f\u061c]/g }),
    drawSelection(),
    dropCursor(),
    bracketMatching(),
    indentOnInput(),
    indentUnit.of("  "),
    EditorState.tabSize.of(2),
    EditorView.theme({
      "&": { height: "100%", fontSize: "var(--text-code)", backgroundColor: "var(--canvas)" },
      ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.55" },
      ".cm-content": { caretColor: "var(--accent)", padding: "6px 0" },
      ".cm-cursor": { borderLeftColor: "var(--accent)", borderLeftWidth: "2px" },
      ".cm-gutters": {
        backgroundColor: "var(--canvas)",
        color: "var(--faint)",
        border: "none",
      },
      ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "var(--line-active)" },
      "&.cm-focused .cm-selectionBackground, .cm-selectionBackground": {
        backgroundColor: "var(--selection) !important",
      },
      "&.cm-focused": { outline: "none" },
    }),
  ];
}

/** Colours of the syntax for the page's palette. */
export function palette(dark: boolean): Extension {
  return [
    syntaxHighlighting(dark ? oneDarkHighlightStyle : defaultHighlightStyle),
    EditorView.theme({}, { dark }),
  ];
}
