import type { Callback, DuplexLike, StreamModule } from "./stream-types.ts";

type Side = DuplexLike & { other?: Side; resumeWrite?: Callback | null };

/** `stream.duplexPair`: what is written to one side is read from the other. */
export function duplexPair(stream: StreamModule, options: object = {}): [DuplexLike, DuplexLike] {
  const side = (): Side =>
    new stream.Duplex({
      ...options,
      read(this: Side) {
        const resume = this.resumeWrite;
        this.resumeWrite = null;
        resume?.();
      },
      write(this: Side, chunk: unknown, encoding: string, callback: Callback) {
        const { other } = this;
        if (other === undefined || (chunk as Uint8Array).length === 0) {
          callback();
          return;
        }
        other.push(chunk, encoding);
        other.resumeWrite = callback;
      },
      final(this: Side, callback: Callback) {
        this.other?.on("end", callback);
        this.other?.push(null);
      },
    });
  const [first, second] = [side(), side()];
  first.other = second;
  second.other = first;
  return [first, second];
}
