import { errorCatalogue, errorCodes } from "#protocol/errors.ts";
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
  const main = html`<div class="hero">
    <h1>Errors</h1>
    <p class="lead">
      Every error of Disco is one of these. REST answers them as problem documents (RFC 9457), MCP
      as results with <code>isError</code>.
    </p>
    <div class="errors">${articles}</div>
  </div>`;
  return pageLayout("Disco: errors", "The closed catalogue of Disco's errors.", main);
}

/** Swagger UI with its own style; the frame around it is ours. */
export function swaggerPage(): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>Disco: API</title>
        <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
        <link rel="stylesheet" href="/swagger/swagger-ui.css" />
      </head>
      <body>
        <main id="swagger">
          <noscript>The API page needs JavaScript; the document itself is /openapi.json.</noscript>
        </main>
        <script src="/swagger/swagger-ui-bundle.js" defer></script>
        <script src="/static/swagger.js" defer></script>
      </body>
    </html> `.text;
}

export function legalPage(): string {
  const main = html`<div class="hero">
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
  </div>`;
  return pageLayout("Disco: legal", "License and responsibilities.", main);
}
