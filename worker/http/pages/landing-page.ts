import { type ClientGuide, clientGuides } from "#protocol/guides.ts";
import { toolOperations } from "#protocol/registry.ts";
import { type Html, html } from "./html.ts";
import { pageLayout } from "./layout.ts";

export interface LandingFacts {
  readonly sandboxUrl: string;
  readonly mcpUrl: string;
  readonly apiUrl: string;
  /** What keeps the deployment from serving; undefined when nothing does. */
  readonly trouble: string | undefined;
  readonly local: boolean;
}

const ONE_SENTENCE =
  "Any AI chat gets a live dev environment that runs in your own browser tab: a shell, files, and " +
  "a terminal that you watch and can take over at any moment.";

export function landingPage(facts: LandingFacts): string {
  const main = html`<main id="main" class="prose">
    <div class="hero">
      <h1>A dev environment for your AI, in your own tab</h1>
      <p class="lead">
        ${ONE_SENTENCE} The worker in the middle only forwards calls; it keeps none of your files.
      </p>
      ${trouble(facts.trouble)}
      <div class="actions">
        <a class="button primary" href="${facts.sandboxUrl}">Open the sandbox</a
        ><a class="button" href="/docs">Try the API</a>
      </div>
    </div>
    ${connect(facts)} ${toolTable()}
  </main>`;
  return pageLayout("Disco: a dev environment in your browser tab", ONE_SENTENCE, main);
}

function trouble(text: string | undefined): Html {
  return text === undefined
    ? html``
    : html`<p class="note" role="status">This deployment is not configured yet. ${text}</p>`;
}

function connect(facts: LandingFacts): Html {
  return html` <section aria-labelledby="connect">
    <h2 id="connect">Connect a client</h2>
    <p>
      Open the sandbox and leave it open, then point your client at Disco. Any client that speaks
      MCP wants this URL:
    </p>
    <div class="url">${copyBox(facts.mcpUrl, "URL for MCP")}</div>
    <div class="cards">${clientGuides(facts).map(card)}</div>
  </section>`;
}

function card({ name, steps, command }: ClientGuide): Html {
  return html`<article class="card">
    <h3>${name}</h3>
    <ol>
      ${steps.map((step) => html`<li>${step}</li>`)}
    </ol>
    ${command === null ? html`` : copyBox(command, `text for ${name}`)}
  </article>`;
}

function copyBox(text: string, label: string): Html {
  return html`<div class="copy">
    <pre tabindex="0" aria-label="${label}"><code>${text}</code></pre>
    <button type="button" data-copy aria-live="polite">
      <span>Copy</span> <span class="unseen">${label}</span>
    </button>
  </div>`;
}

/** The roles keep it a table for screen readers where a narrow window stacks its cells. */
function toolTable(): Html {
  const rows = toolOperations.map(
    ({ name, title, hints, http }) =>
      html`<tr role="row">
        <th scope="row" role="rowheader"><code>${name}</code></th>
        <td role="cell">${title}</td>
        <td role="cell">${hints.readOnly ? "reads" : "changes"}</td>
        <td role="cell"><code>${http.method} ${http.path}</code></td>
      </tr>`,
  );
  return html` <section aria-labelledby="tools">
    <h2 id="tools">What it can do</h2>
    <p>
      The same operations as MCP tools and as REST routes below <code>/api/v1</code>, which has
      <a href="/docs">some more</a>.
    </p>
    <div class="table" role="region" aria-labelledby="tools" tabindex="0">
      <table role="table">
        <thead role="rowgroup">
          <tr role="row">
            <th scope="col" role="columnheader">Tool</th>
            <th scope="col" role="columnheader">For</th>
            <th scope="col" role="columnheader">Effect</th>
            <th scope="col" role="columnheader">Route</th>
          </tr>
        </thead>
        <tbody role="rowgroup">
          ${rows}
        </tbody>
      </table>
    </div>
  </section>`;
}
