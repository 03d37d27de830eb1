import { callError } from "../file-errors.ts";
import { type DeviceNode, statusOf } from "../inode.ts";
import type { FileStatus } from "../system-calls.ts";
import { BaseFile, statusWithoutInode } from "./open-file.ts";

/** Bytes of one read; programs that ask for more read again. Random bytes come in such parts too. */
const READ_MAX_BYTES = 65_536;

/** Devices that are the same for every process. */
export class Device extends BaseFile {
  readonly #node: DeviceNode;

  constructor(node: DeviceNode) {
    super();
    this.#node = node;
  }

  override status(): FileStatus {
    return statusOf(this.#node);
  }

  override read(length: number): Uint8Array {
    const bytes = new Uint8Array(Math.min(length, READ_MAX_BYTES));
    switch (this.#node.device) {
      case "null":
        return new Uint8Array();
      case "random":
        return crypto.getRandomValues(bytes);
      default:
        return bytes;
    }
  }

  override write(bytes: Uint8Array): number {
    if (this.#node.device === "full") throw callError("ENOSPC", "write");
    return bytes.byteLength;
  }
}

/** `/dev/null` without a file system: what a child gets that is given nothing. */
export class NullDevice extends BaseFile {
  override status(): FileStatus {
    return statusWithoutInode("device", 0);
  }

  override read(): Uint8Array {
    return new Uint8Array();
  }

  override write(bytes: Uint8Array): number {
    return bytes.byteLength;
  }
}
