import { type Html, html } from "./html.ts";

/** Files of this origin that one page needs beside the shared ones. */
interface PageFiles {
  readonly styles: readonly string[];
  readonly scripts: readonly string[];
}

/**
 * The shell of the public pages. Everything it loads comes from this origin.
 *
 * @param main a whole `<main id="main">`
 */
export function pageLayout(
  title: string,
  description: string,
  main: Html,
  files: PageFiles = { styles: [], scripts: [] },
): string {
  const document = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="description" content="${description}" />
        <title>${title}</title>
        <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
        <link rel="stylesheet" href="/static/pages.css" />
        ${files.styles.map((url) => html`<link rel="stylesheet" href="${url}" />`)}
        <script type="module" src="/static/copy.js"></script>
        ${files.scripts.map((url) => html`<script src="${url}" defer></script>`)}
      </head>
      <body>
        <a class="skip" href="#main">Skip to content</a>
        <header class="top">
          <a class="brand" href="/"
            ><img src="/favicon.svg" alt="" width="22" height="22" />Disco</a
          >
          <nav aria-label="Pages">
            <a href="/docs">API</a><a href="/docs/errors">Errors</a><a href="/sandbox">Sandbox</a>
          </nav>
        </header>
        ${main}
        <footer>
          <p>Disco is free software under the <a href="/docs/legal">MIT license</a>.</p>
        </footer>
      </body>
    </html> `;
  return document.text;
}
