import { errorCatalogue, errorCodes } from "#protocol/error-catalogue.ts";
import { html, withCode } from "./html.ts";
import { pageLayout } from "./layout.ts";

/** Where the `type` of every problem document leads. */
export function errorsPage(): string {
  const articles = errorCodes.map((code) => {
    const { status, title, next, retryable } = errorCatalogue[code];
    const again = retryable ? "The same call may succeed later." : "The same call fails again.";
    return html`<article id="${code}">
      <h2><code>${code}</code></h2>
      <p>${title}. ${withCode(next)}</p>
      <p class="meta">HTTP ${status}. ${again}</p>
    </article>`;
  });
  const main = html`<main id="main" class="prose hero">
    <h1>Errors</h1>
    <p class="lead">
      Every error of an operation is one of these. REST answers them as problem documents (RFC
      9457), MCP as results with <code>isError</code>. A request to <code>/mcp</code> that is no
      call yet is refused with a JSON-RPC error: with the code below in its <code>data</code> when
      the token, the body or the host is wrong, and in the protocol’s own words when the message is.
    </p>
    <div class="errors">${articles}</div>
  </main>`;
  return pageLayout("Disco: errors", "The closed catalogue of Disco's errors.", main);
}

/** Swagger UI inside the shell of the other pages. */
export function swaggerPage(): string {
  const main = html`<main id="main" class="api">
    <div id="swagger"></div>
    <noscript>The API page needs JavaScript; the document itself is /openapi.json.</noscript>
  </main>`;
  return pageLayout("Disco: API", "Every operation of Disco, to read and to try.", main, {
    styles: ["/swagger/swagger-ui.css", "/static/swagger.css"],
    scripts: ["/swagger/swagger-ui-bundle.js", "/static/swagger.js"],
  });
}

export function legalPage(): string {
  const main = html`<main id="main" class="prose hero">
    <h1>Legal</h1>
    <p>
      Disco is free software under the MIT license. It is provided as is, without warranty of any
      kind, express or implied.
    </p>
    <p>
      The programs and files of a container live in the user's browser tab. The worker forwards
      calls between clients and that tab. Who runs a deployment answers for its own terms and its
      handling of data.
    </p>
  </main>`;
  return pageLayout("Disco: legal", "License and responsibilities.", main);
}
