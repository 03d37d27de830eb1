import type { Output } from "../cli/output.ts";
import { type Bytes, concat } from "../objects/bytes.ts";
import type { PktReader } from "./pkt-line.ts";
import { plainText } from "./plain-text.ts";
import { misbehaved, remoteFailure } from "./reasons.ts";

/** Bands of gitprotocol-pack(5), "Packfile Data". */
const DATA = 1;
const PROGRESS = 2;
const ERROR = 3;

/** Bytes that a remote may say to the person in one exchange; what comes after is not shown. */
const PROGRESS_MAX_BYTES = 262_144;

/** Yields the data of a multiplexed answer, and shows what the remote says beside it. */
export async function* demultiplex(
  lines: PktReader,
  output: Pick<Output, "errorText">,
): AsyncGenerator<Bytes> {
  const words = new RemoteWords(output);
  for (let line = await lines.next(); line; line = await lines.next()) {
    const [band] = line;
    const content = line.subarray(1);
    if (band === DATA) yield content;
    else if (band === PROGRESS) words.say(content);
    else if (band === ERROR) {
      words.end();
      throw remoteFailure("remote_misbehaved", `remote error: ${plainText(content).trim()}`);
    } else throw misbehaved("its answer has an unknown band");
  }
  words.end();
}

/** Lines of the remote, each with `remote: ` in front (git's recv_sideband). */
class RemoteWords {
  readonly #output: Pick<Output, "errorText">;
  #line: Bytes = new Uint8Array(0);
  #left = PROGRESS_MAX_BYTES;

  constructor(output: Pick<Output, "errorText">) {
    this.#output = output;
  }

  say(bytes: Bytes): void {
    this.#left -= bytes.length;
    if (this.#left < 0) return;
    this.#line = concat([this.#line, bytes]);
    for (;;) {
      const end = this.#line.findIndex((byte) => byte === 0x0a || byte === 0x0d);
      if (end === -1) return;
      this.#show(this.#line.subarray(0, end), this.#line[end] === 0x0a ? "\n" : "\r");
      this.#line = this.#line.slice(end + 1);
    }
  }

  end(): void {
    if (this.#line.length > 0) this.#show(this.#line, "\n");
    this.#line = new Uint8Array(0);
  }

  #show(line: Bytes, end: string): void {
    const text = plainText(line);
    // Git clears what a longer line has left behind, by blanks where there is no terminal.
    this.#output.errorText(text === "" ? `remote: ${end}` : `remote: ${text}        ${end}`);
  }
}
