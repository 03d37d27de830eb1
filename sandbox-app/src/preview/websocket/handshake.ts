import { fromLatin1 } from "../http/bytes.ts";
import { BadResponse, type HeaderList, type ResponseHead } from "../http/response-head.ts";
import { ResponseParser } from "../http/response-parser.ts";
import { requestHead } from "../http/write-request.ts";

/** RFC 6455, section 1.3. */
const ACCEPT_SUFFIX = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

export interface HandshakeRequest {
  readonly target: string;
  /** The container's port; the guest sees itself as `localhost:<port>`. */
  readonly port: number;
  readonly protocols: readonly string[];
  /** Value of `Cookie`, empty for none. */
  readonly cookie: string;
}

export interface Agreed {
  /** The subprotocol that the server selected, or empty. */
  readonly protocol: string;
  /** Bytes of the first frames that came with the answer. */
  readonly rest: Uint8Array[];
}

/**
 * Opens a WebSocket on a fresh connection (RFC 6455, section 4.1).
 *
 * @throws BadResponse when the server does not agree
 */
export async function shakeHands(
  request: HandshakeRequest,
  reader: ReadableStreamDefaultReader<Uint8Array>,
  writer: WritableStreamDefaultWriter<Uint8Array>,
): Promise<Agreed> {
  const key = btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(16))));
  const { target, port, protocols, cookie } = request;
  const headers: HeaderList = [
    ["host", `localhost:${port}`],
    ["origin", `http://localhost:${port}`],
    ["connection", "Upgrade"],
    ["upgrade", "websocket"],
    ["sec-websocket-version", "13"],
    ["sec-websocket-key", key],
    ["user-agent", navigator.userAgent],
    ...(protocols.length > 0 ? [["sec-websocket-protocol", protocols.join(", ")] as const] : []),
    ...(cookie === "" ? [] : [["cookie", cookie] as const]),
  ];
  await writer.write(requestHead({ method: "GET", target, headers }, []));
  const { head, rest } = await readHead(reader);
  if (head.status !== 101) throw new BadResponse(`The server answered with ${head.status}.`);
  const accepted = valueOf(head, "sec-websocket-accept");
  if (accepted !== (await acceptFor(key))) throw new BadResponse("The server accepts another key.");
  const protocol = valueOf(head, "sec-websocket-protocol") ?? "";
  if (protocol === "" ? false : !protocols.includes(protocol)) {
    throw new BadResponse("The server selects a subprotocol that was not offered.");
  }
  if (valueOf(head, "sec-websocket-extensions") !== undefined) {
    throw new BadResponse("The server uses an extension that was not offered.");
  }
  return { protocol, rest };
}

async function readHead(
  reader: ReadableStreamDefaultReader<Uint8Array>,
): Promise<{ head: ResponseHead; rest: Uint8Array[] }> {
  const parser = new ResponseParser("GET");
  for (;;) {
    const { done, value } = await reader.read();
    const [first, ...others] = done ? parser.finish() : parser.push(value);
    if (first?.type !== "head") continue;
    const rest = others.flatMap((event) => (event.type === "data" ? [event.bytes] : []));
    return { head: first.head, rest };
  }
}

async function acceptFor(key: string): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-1", fromLatin1(key + ACCEPT_SUFFIX));
  return btoa(String.fromCharCode(...new Uint8Array(hash)));
}

function valueOf({ headers }: ResponseHead, name: string): string | undefined {
  return headers.find(([given]) => given.toLowerCase() === name)?.[1];
}
