import type { Extension } from "@codemirror/state";

/** Highlighting by the end of a file's name; each language is its own chunk. */
const BY_EXTENSION: Readonly<Record<string, () => Promise<Extension>>> = {
  js: () => javascript({}),
  cjs: () => javascript({}),
  mjs: () => javascript({}),
  jsx: () => javascript({ jsx: true }),
  ts: () => javascript({ typescript: true }),
  cts: () => javascript({ typescript: true }),
  mts: () => javascript({ typescript: true }),
  tsx: () => javascript({ typescript: true, jsx: true }),
  json: json,
  jsonc: json,
  map: json,
  html: html,
  htm: html,
  vue: html,
  svg: html,
  xml: html,
  css: css,
  md: markdown,
  markdown: markdown,
};

/** The highlighting of a file; none when its kind is not known. */
export async function languageOf(path: string): Promise<Extension> {
  const extension = /\.([^./]+)$/.exec(path)?.[1]?.toLowerCase() ?? "";
  return Object.hasOwn(BY_EXTENSION, extension) ? ((await BY_EXTENSION[extension]?.()) ?? []) : [];
}

async function javascript(options: { jsx?: boolean; typescript?: boolean }): Promise<Extension> {
  const language = await import("@codemirror/lang-javascript");
  return language.javascript(options).extension;
}

async function json(): Promise<Extension> {
  return (await import("@codemirror/lang-json")).json();
}

async function html(): Promise<Extension> {
  return (await import("@codemirror/lang-html")).html();
}

async function css(): Promise<Extension> {
  return (await import("@codemirror/lang-css")).css();
}

async function markdown(): Promise<Extension> {
  return (await import("@codemirror/lang-markdown")).markdown();
}
