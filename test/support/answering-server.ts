import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll } from "vitest";
import { actAsPage } from "./page-globals.ts";

/** What the server answers to a path from now on. */
export interface Answer {
  readonly status: number;
  /** JSON, or text that is none. */
  readonly body: object | string;
}

/** The page's code runs in front of such a server, until all tests of the file are through. */
export async function servePageForTests() {
  const server = await startAnsweringServer();
  const page = actAsPage("http://disco.localhost", server.url);
  afterAll(async () => {
    page.restore();
    await server.close();
  });
  return server;
}

/** An HTTP server that answers each path as the test says; 404 where it says nothing. */
async function startAnsweringServer() {
  const answers = new Map<string, Answer>();
  const server = createServer((request, response) => {
    const { status, body } = answers.get(request.url ?? "") ?? { status: 404, body: "" };
    response.writeHead(status).end(typeof body === "string" ? body : JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    answers,
    url: new URL(`http://127.0.0.1:${port}`),
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
