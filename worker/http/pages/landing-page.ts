import type { Operation } from "#protocol/operation.ts";
import { findOperation, operationNames } from "#protocol/registry.ts";
import { type Html, html } from "./html.ts";
import { pageLayout } from "./layout.ts";

export interface LandingFacts {
  readonly sandboxUrl: string;
  readonly mcpUrl: string;
  readonly apiUrl: string;
  readonly openapiUrl: string;
  /** What keeps the deployment from serving; undefined when nothing does. */
  readonly trouble: string | undefined;
  readonly local: boolean;
}

const ONE_SENTENCE =
  "Any AI chat gets a live dev environment that runs in your own browser tab: a shell, files, and " +
  "a terminal that you watch and can take over at any moment.";

export function landingPage(facts: LandingFacts): string {
  const main = html`
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
  `;
  return pageLayout("Disco: a dev environment in your browser tab", ONE_SENTENCE, main);
}

function trouble(text: string | undefined): Html {
  return text === undefined
    ? html``
    : html`<p class="note" role="status">This deployment is not configured yet. ${text}</p>`;
}

function connect(facts: LandingFacts): Html {
  const token = facts.local
    ? html`The token is printed by <code>npm start</code> and works on this machine only.`
    : html`Each client needs a bearer token of yours.`;
  return html` <section aria-labelledby="connect">
    <h2 id="connect">Connect a client</h2>
    <p>Open the sandbox and leave it open, then point your client at one of these. ${token}</p>
    <div class="cards">
      ${card(
        "Claude",
        [
          "Put your token into TOKEN and run this command.",
          "Start Claude Code and ask it to look around in the workspace.",
        ],
        `claude mcp add --transport http disco ${facts.mcpUrl} --header "Authorization: Bearer $TOKEN"`,
        "command for Claude Code",
      )}
      ${card("ChatGPT", chatGptSteps(facts.local), facts.openapiUrl, "OpenAPI URL for ChatGPT")}
      ${card(
        "curl",
        ["Put your token into TOKEN.", "Call any operation; the API page lists them all."],
        `curl -H "Authorization: Bearer $TOKEN" ${facts.apiUrl}/containers/current`,
        "command for curl",
      )}
    </div>
  </section>`;
}

/** ChatGPT calls from its own servers, and its connectors take no bearer token: an action does. */
function chatGptSteps(local: boolean): string[] {
  const reach = local ? ["ChatGPT reaches public addresses only, so it needs a deployment."] : [];
  return [
    ...reach,
    "In the settings of a GPT, add an action and import this document.",
    "As authentication choose an API key of the type Bearer, and paste your token.",
  ];
}

function card(title: string, steps: readonly string[], text: string, label: string): Html {
  return html`<article class="card">
    <h3>${title}</h3>
    <ol>
      ${steps.map((step) => html`<li>${step}</li>`)}
    </ol>
    <div class="copy">
      <pre tabindex="0" aria-label="${label}"><code>${text}</code></pre>
      <button type="button" data-copy aria-live="polite">
        <span>Copy</span> <span class="unseen">${label}</span>
      </button>
    </div>
  </article>`;
}

function toolTable(): Html {
  const operations = operationNames.map((name) => findOperation(name) as Operation);
  const rows = operations.map(
    ({ name, title, hints, http }) =>
      html`<tr>
        <th scope="row"><code>${name}</code></th>
        <td>${title}</td>
        <td>${hints.readOnly ? "reads" : "changes"}</td>
        <td><code>${http.method} ${http.path}</code></td>
      </tr>`,
  );
  return html` <section aria-labelledby="tools">
    <h2 id="tools">What it can do</h2>
    <p>The same operations as MCP tools and as REST routes below <code>/api/v1</code>.</p>
    <div class="table" role="region" aria-labelledby="tools" tabindex="0">
      <table>
        <thead>
          <tr>
            <th scope="col">Tool</th>
            <th scope="col">For</th>
            <th scope="col">Effect</th>
            <th scope="col">Route</th>
          </tr>
        </thead>
        <tbody>
          ${rows}
        </tbody>
      </table>
    </div>
  </section>`;
}
