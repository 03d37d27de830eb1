/** The look of the public pages: one accent, system fonts, light and dark, 390 px and up. */
export const pagesCss = `
:root {
  color-scheme: light dark;
  --paper: light-dark(#fbfaf8, #131416);
  --sheet: light-dark(#ffffff, #1b1d20);
  --ink: light-dark(#1c1d1f, #e9e8e4);
  --soft: light-dark(#5d6066, #a2a5ab);
  --line: light-dark(#e3e1dc, #2e3136);
  --accent: light-dark(#5b3fd6, #b3a4ff);
  --on-accent: light-dark(#ffffff, #17122e);
  --code: light-dark(#f3f1ec, #16181a);
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
.cards { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 18.5rem), 1fr)); margin-top: 1.25rem; }
.card { background: var(--sheet); border: 1px solid var(--line); border-radius: .75rem; padding: 1.25rem; min-width: 0; display: flex; flex-direction: column; gap: .75rem; }
.card ol { margin: 0; padding-left: 1.2rem; display: grid; gap: .35rem; font-size: .95rem; }
.card p { margin: 0; font-size: .95rem; color: var(--soft); }
.copy { display: flex; align-items: stretch; border: 1px solid var(--line); border-radius: .5rem; background: var(--code); overflow: hidden; margin-top: auto; }
.copy pre { margin: 0; flex: 1; min-width: 0; overflow-x: auto; padding: .6rem .75rem; font: .83rem/1.55 var(--mono); }
.copy button { flex: none; border: 0; border-left: 1px solid var(--line); background: transparent; color: var(--soft); font: inherit; font-size: .83rem; min-width: 4.5rem; padding: 0 .75rem; cursor: pointer; }
.copy button:hover { color: var(--ink); }
code { font: .88em var(--mono); background: var(--code); border-radius: .3rem; padding: .1em .35em; overflow-wrap: anywhere; }
pre code { background: none; padding: 0; }
.table { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .95rem; }
th, td { text-align: left; vertical-align: top; padding: .6rem .75rem .6rem 0; border-bottom: 1px solid var(--line); }
th { font-weight: 600; white-space: nowrap; }
thead th { color: var(--soft); font-weight: 500; }
td:first-child, th:first-child { white-space: nowrap; }
.note { border-left: 3px solid var(--accent); padding-left: 1rem; color: var(--soft); }
.errors { display: grid; gap: 1.5rem; margin: 1.5rem 0 0; }
.errors article:target { outline: 2px solid var(--accent); outline-offset: .6rem; border-radius: .25rem; }
.errors p { margin: .2rem 0 0; }
.meta { color: var(--soft); font-size: .9rem; }
footer { padding-block: 2.5rem; color: var(--soft); font-size: .9rem; }
`;

/** Three lights on a floor: the one mark of the product. */
export const logoSvg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64" width="512" height="512">
<rect width="64" height="64" rx="15" fill="#5b3fd6"/>
<circle cx="32" cy="32" r="17" fill="none" stroke="#fff" stroke-width="4.5"/>
<path d="M15 32h34M32 15c-7 5-7 29 0 34M32 15c7 5 7 29 0 34" fill="none" stroke="#fff" stroke-width="2.5"/>
</svg>
`;
