/** Errors as WASI numbers them (preview 1, `errno`), as far as they are made here. */
export const WasiError = { SUCCESS: 0, INVAL: 28, NOTCAPABLE: 76 } as const;

/** The linear memory of the running module, which may grow or be shared between threads. */
export class GuestMemory {
  memory: WebAssembly.Memory | null = null;

  view(): DataView {
    return new DataView(this.#buffer());
  }

  bytes(at: number, length: number): Uint8Array {
    return new Uint8Array(this.#buffer(), at, length);
  }

  /** Decoders refuse shared memory, hence the copy. */
  text(at: number, length: number): string {
    return new TextDecoder().decode(this.bytes(at, length).slice());
  }

  /** The parts of a `ciovec` or `iovec` array. */
  parts(at: number, count: number): Uint8Array[] {
    const view = this.view();
    return Array.from({ length: count }, (_unused, index) =>
      this.bytes(view.getUint32(at + index * 8, true), view.getUint32(at + index * 8 + 4, true)),
    );
  }

  #buffer(): ArrayBufferLike {
    if (this.memory === null) throw new Error("The WASI instance has no memory yet");
    return this.memory.buffer;
  }
}
