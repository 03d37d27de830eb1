import { ConnectionRefused } from "../connect.ts";
import { BadResponse } from "../http/response-head.ts";
import { NoBridge } from "./bridges.ts";
import { previewHeaders } from "./response-headers.ts";

/** An answer of ours in place of the program's; its words are ours too. */
export function troublePage(error: unknown, embedder: string): Response {
  const { status, title, text } = describe(error);
  const style =
    "font:15px/1.5 system-ui,sans-serif;max-width:34em;margin:15vh auto;padding:0 1.5em;color-scheme:light dark";
  const html =
    `<!doctype html><meta charset="utf-8"><meta name="viewport" content="width=device-width">` +
    `<title>${title}</title><body style="${style}"><h1 style="font-size:1.2em">${title}</h1><p>${escaped(text)}</p>`;
  return new Response(html, {
    status,
    headers: {
      ...previewHeaders({ embedder }),
      "Content-Type": "text/html; charset=utf-8",
      "Cache-Control": "no-store",
    },
  });
}

function describe(error: unknown): { status: number; title: string; text: string } {
  const text = error instanceof Error ? error.message : String(error);
  if (error instanceof NoBridge) {
    return {
      status: 503,
      title: "The container is not open",
      text: "This preview works while Disco's page is open in this browser and shows it. Open it there, then reload.",
    };
  }
  if (error instanceof ConnectionRefused) {
    return { status: 502, title: "No program answers here", text };
  }
  const title =
    error instanceof BadResponse ? "The program's answer is not valid" : "The preview failed";
  return { status: 502, title, text };
}

function escaped(text: string): string {
  return text.replaceAll(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
