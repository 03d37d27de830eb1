import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** What the server answers to a path from now on. */
export interface Answer {
  readonly status: number;
  /** JSON, or text that is none. */
  readonly body: object | string;
}

/** An HTTP server that answers each path as the test says; 404 where it says nothing. */
export async function startAnsweringServer() {
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
