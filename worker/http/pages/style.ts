/**
 * The look of the public pages: the palette of the sandbox page, system fonts, light and dark, from
 * 390 px. What `main.prose` styles by the name of its elements stays away from Swagger UI.
 */
export const pagesCss = `
:root {
  color-scheme: light dark;
  --paper: light-dark(#ffffff, #15161a);
  --sheet: light-dark(#f7f7f9, #1a1b20);
  --ink: light-dark(#1b1c21, #e4e5ea);
  --soft: light-dark(#565a65, #a2a6b2);
  --line: light-dark(#e0e1e7, #2a2c33);
  --accent: light-dark(#4453c4, #98a6ff);
  --on-accent: light-dark(#ffffff, #15161a);
  --code: light-dark(#ececf0, #25262d);
  --mono: ui-monospace, "SF Mono", "Cascadia Code", Menlo, Consolas, monospace;
  font: 16px/1.6 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
}
* { box-sizing: border-box; }
html { scroll-padding-top: 1rem; }
body { margin: 0; background: var(--paper); color: var(--ink); }
.top, main, footer { max-width: 64rem; margin: 0 auto; padding: 0 1.25rem; }
.top { display: flex; align-items: center; justify-content: space-between; gap: 1rem; padding-block: 1.25rem; }
.brand { display: inline-flex; align-items: center; gap: .5rem; font-weight: 650; color: inherit; text-decoration: none; }
nav { display: flex; gap: 1.25rem; }
a { color: var(--accent); text-underline-offset: .2em; }
nav a, footer a { color: var(--soft); text-decoration: none; }
nav a:hover, footer a:hover { color: var(--ink); text-decoration: underline; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 3px; border-radius: 4px; }
.skip { position: absolute; left: -100vw; }
.skip:focus { left: 1rem; top: 1rem; background: var(--sheet); padding: .5rem .75rem; }
main.prose {
  h1 { font-size: clamp(2rem, 1.3rem + 3vw, 3.25rem); line-height: 1.1; letter-spacing: -.025em; margin: 0 0 1.25rem; text-wrap: balance; }
  h2 { font-size: 1.35rem; letter-spacing: -.01em; margin: 0 0 .25rem; }
  h3 { font-size: 1rem; margin: 0; }
  p { margin: 0 0 1rem; max-width: 62ch; }
  .hero { padding: clamp(2rem, 7vw, 5rem) 0 clamp(2rem, 5vw, 3.5rem); }
  .lead { font-size: 1.15rem; color: var(--soft); }
  .actions { display: flex; flex-wrap: wrap; gap: .75rem; margin-top: 1.75rem; }
  .button { display: inline-block; padding: .65rem 1.1rem; border-radius: .5rem; font-weight: 600; text-decoration: none; border: 1px solid var(--line); color: var(--ink); background: var(--sheet); }
  .button.primary { background: var(--accent); border-color: var(--accent); color: var(--on-accent); }
  section { border-top: 1px solid var(--line); padding: 2.25rem 0; }
  .cards { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 24rem), 1fr)); margin-top: 1.25rem; }
  .card { background: var(--sheet); border: 1px solid var(--line); border-radius: .75rem; padding: 1.25rem; min-width: 0; display: flex; flex-direction: column; gap: .75rem; }
  .card ol { margin: 0; padding-left: 1.2rem; display: grid; gap: .35rem; font-size: .95rem; }
  .card p { margin: 0; font-size: .95rem; color: var(--soft); }
  .url { max-width: 30rem; }
  .copy { display: flex; flex-direction: column; align-items: stretch; border: 1px solid var(--line); border-radius: .5rem; background: var(--code); overflow: hidden; }
  .copy pre { margin: 0; flex: 1; min-width: 0; white-space: pre-wrap; overflow-wrap: anywhere; padding: .6rem .75rem; font: .83rem/1.55 var(--mono); }
  .copy button { flex: none; border: 0; border-top: 1px solid var(--line); background: transparent; color: var(--soft); font: inherit; font-size: .83rem; padding: .35rem .75rem; cursor: pointer; }
  .copy button:hover { color: var(--ink); }
  code { font: .88em var(--mono); background: var(--code); border-radius: .3rem; padding: .1em .35em; overflow-wrap: anywhere; }
  td code, th code { white-space: nowrap; }
  .unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  pre code { background: none; padding: 0; }
  .table { overflow-x: auto; }
  table { border-collapse: collapse; width: 100%; font-size: .95rem; }
  th, td { text-align: left; vertical-align: top; padding: .6rem .75rem .6rem 0; border-bottom: 1px solid var(--line); }
  th { font-weight: 600; white-space: nowrap; }
  thead th { color: var(--soft); font-weight: 500; }
  td:first-child, th:first-child { white-space: nowrap; }
  @media (max-width: 40rem) {
    thead { display: none; }
    tr, tbody th, td { display: block; }
    tr { border-bottom: 1px solid var(--line); padding: .6rem 0; }
    tbody th, td { border: 0; padding: .1rem 0; }
    td code, th code { white-space: normal; }
  }
  .note { border-left: 3px solid var(--accent); padding-left: 1rem; color: var(--soft); }
  .errors { display: grid; gap: 1.5rem; margin: 1.5rem 0 0; }
  .errors article:target { outline: 2px solid var(--accent); outline-offset: .6rem; border-radius: .25rem; }
  .errors p { margin: .2rem 0 0; }
  .meta { color: var(--soft); font-size: .9rem; }
}
footer { padding-block: 2.5rem; color: var(--soft); font-size: .9rem; }
`;

/** Swagger UI on our paper and within our margins, also in a narrow window. */
export const swaggerCss = `
html.dark-mode, html.dark-mode body { background: var(--paper); }
html.dark-mode .swagger-ui, html.dark-mode .swagger-ui .opblock[class][id] .opblock-section-header { background: none; }
main.api { padding: 0; }
.swagger-ui .wrapper { max-width: none; padding: 0 1.25rem; }
.swagger-ui .scheme-container, html.dark-mode .swagger-ui .scheme-container { background: none; box-shadow: none; padding: 0 0 1rem; }
.swagger-ui .wrapper .block { padding: 0; }
.swagger-ui .info { margin: 1.5rem 0; }
@media (max-width: 40rem) {
  .swagger-ui .opblock .opblock-summary-path { max-width: none; flex: 1; font-size: .83rem; }
  .swagger-ui .opblock .opblock-summary-description { display: none; }
  .swagger-ui .opblock .opblock-summary-method { min-width: 3.5rem; padding: 6px 0; }
  .swagger-ui table.parameters tr, .swagger-ui table.parameters td,
  .swagger-ui table.responses-table tr, .swagger-ui table.responses-table td { display: block; width: 100%; max-width: none; padding-inline: 0; }
  .swagger-ui table.parameters thead, .swagger-ui table.responses-table thead, .swagger-ui td.response-col_links { display: none; }
  .swagger-ui .opblock-body pre.microlight { white-space: pre-wrap; }
  .swagger-ui .parameters-col_description input, .swagger-ui .parameters-col_description select { max-width: 100%; width: 100%; }
  .swagger-ui .servers > label select { max-width: 100%; }
}
`;
