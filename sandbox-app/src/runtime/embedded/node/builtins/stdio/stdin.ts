import type { FileStatus } from "../../../kernel/system-calls.ts";
import type { NodeContext } from "../../context.ts";
import { DescriptorIo } from "../net/socket-io.ts";
import type { Callback, StreamModule } from "../stream/stream-types.ts";

/** Node's stdin: keeps the process alive only while somebody reads from it. */
export function createStdinClass(node: NodeContext, terminal: boolean) {
  const { Readable } = node.builtin<StreamModule>("stream");

  class Stdin extends Readable {
    readonly fd: number;
    readonly _type: string;
    readonly _io: DescriptorIo | null;
    isTTY?: true;
    isRaw = false;

    constructor(fd: number, type: FileStatus["type"] | null) {
      super({ highWaterMark: 65_536 });
      this.fd = fd;
      this._type = terminal ? "tty" : type === "file" ? "fs" : "pipe";
      this._io =
        type === null ? null : new DescriptorIo(node, fd, terminal ? "TTYWrap" : "PipeWrap");
      this._io?.unref();
      if (terminal) this.isTTY = true;
      else for (const name of ["isTTY", "isRaw"]) Reflect.deleteProperty(this, name);
      this.on("pause", () => this._io?.unref());
      this.on("resume", () => this._holdWhileOpen());
    }
    _holdWhileOpen(): void {
      if (!this.readableEnded && !this.destroyed) this._io?.ref();
    }
    _read(): void {
      if (this._io === null) {
        this.push(null);
        return;
      }
      // Listeners for `readable` wait without a flow.
      if (!this.isPaused() || this.listenerCount("readable") > 0) this._holdWhileOpen();
      this._io.read((error, bytes) => {
        if (error !== null) {
          this.destroy(error);
          return;
        }
        if (bytes.length === 0) this._io?.unref();
        this.push(bytes.length === 0 ? null : bytes);
      });
    }
    _destroy(error: Error | null, callback: Callback): void {
      this._io?.close();
      callback(error);
    }
    setRawMode(raw: boolean): this {
      node.system.callSync("terminalMode", this.fd, raw ? "raw" : "cooked");
      this.isRaw = raw;
      return this;
    }
    ref(): this {
      this._io?.ref();
      return this;
    }
    unref(): this {
      this._io?.unref();
      return this;
    }
  }
  if (!terminal) Reflect.deleteProperty(Stdin.prototype, "setRawMode");
  return Stdin;
}
