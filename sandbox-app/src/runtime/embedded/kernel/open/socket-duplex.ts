import type { ByteDuplex } from "../../../runtime.ts";
import { INIT } from "../process/process.ts";
import type { Socket } from "./socket.ts";
import { Waits } from "./waits.ts";

const CHUNK_BYTES = 65_536;

/** A socket as streams, for those who are no processes: the previews. */
export function duplexOf(socket: Socket): ByteDuplex {
  const caller = { pid: INIT, group: INIT, waits: new Waits() };
  const open = { reading: true, writing: true };
  const finish = (direction: keyof typeof open): void => {
    open[direction] = false;
    if (!open.reading && !open.writing) socket.close();
  };
  return {
    readable: new ReadableStream<Uint8Array>(
      {
        pull: async (controller) => {
          const bytes = await socket.read(CHUNK_BYTES, null, caller);
          if (bytes.byteLength > 0) return controller.enqueue(bytes);
          controller.close();
          finish("reading");
        },
        cancel: () => socket.close(),
      },
      { highWaterMark: 0 },
    ),
    writable: new WritableStream<Uint8Array>({
      write: async (chunk) => {
        await socket.write(chunk.slice(), null, caller);
      },
      close: () => {
        socket.shutdown();
        finish("writing");
      },
      abort: () => socket.close(),
    }),
  };
}
