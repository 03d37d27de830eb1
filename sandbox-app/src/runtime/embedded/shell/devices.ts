import { InMemoryFs } from "just-bash/browser";
import { type ByteString, markAsBytes, toByteString, toBytes } from "./bytes.ts";
import { encodingOf } from "./kernel-files.ts";

type Content = Parameters<InMemoryFs["writeFile"]>[1];
type WriteOptions = Parameters<InMemoryFs["writeFile"]>[2];

/** Paths below /dev through which `stream-output.ts` sends output on its way. */
export const STREAMS = { stdout: "/dev/.disco/stdout", stderr: "/dev/.disco/stderr" } as const;

type Sink = "stdout" | "stderr" | "null";

const sinks: Readonly<Record<string, Sink>> = {
  "/.disco/stdout": "stdout",
  "/.disco/stderr": "stderr",
  "/stdout": "stdout",
  "/stderr": "stderr",
  "/tty": "stdout",
  "/null": "null",
};

export interface DeviceIo {
  output(stream: "stdout" | "stderr", bytes: Uint8Array): Promise<void>;
  input(): Promise<Uint8Array>;
}

/** The process's own /dev: its three streams, /dev/null, and room for process substitutions. */
export class Devices extends InMemoryFs {
  readonly #io: DeviceIo;

  constructor(io: DeviceIo) {
    super(Object.fromEntries([...Object.keys(sinks), "/stdin"].map((path) => [path, ""])));
    this.#io = io;
  }

  override async writeFile(path: string, content: Content, options?: WriteOptions): Promise<void> {
    if (!(await this.#sink(path, content, options))) await super.writeFile(path, content, options);
  }

  override async appendFile(path: string, content: Content, options?: WriteOptions): Promise<void> {
    if (!(await this.#sink(path, content, options))) await super.appendFile(path, content, options);
  }

  override async readFile(path: string): Promise<string> {
    if (path !== "/stdin") return super.readFile(path);
    return new TextDecoder("utf-8", { ignoreBOM: true }).decode(await this.#io.input());
  }

  override async readFileBytes(path: string): Promise<ByteString> {
    if (path !== "/stdin") return super.readFileBytes(path);
    return markAsBytes(toByteString(await this.#io.input()));
  }

  override async readFileBuffer(path: string): Promise<Uint8Array> {
    return path === "/stdin" ? this.#io.input() : super.readFileBuffer(path);
  }

  async #sink(path: string, content: Content, options: WriteOptions): Promise<boolean> {
    const sink = sinks[path];
    if (sink === undefined) return false;
    const isEmpty = content.length === 0;
    if (sink !== "null" && !isEmpty) {
      await this.#io.output(sink, toBytes(content, encodingOf(options)));
    }
    return true;
  }
}
