import { type ZipEntry, ZipError } from "./zip-directory.ts";

const LOCAL_SIGNATURE = 0x04034b50;
const LOCAL_BYTES = 30;

const STORED = 0;
const DEFLATED = 8;

/**
 * The content of an entry, unpacked and checked. An entry that unpacks to more than it says is cut
 * off there: a zip bomb fills no memory.
 *
 * @throws ZipError
 */
export async function readZipContent(zip: Blob, entry: ZipEntry): Promise<Uint8Array<ArrayBuffer>> {
  const { name, offset, packedBytes, method } = entry;
  const local = new DataView(await zip.slice(offset, offset + LOCAL_BYTES).arrayBuffer());
  if (local.byteLength < LOCAL_BYTES || local.getUint32(0, true) !== LOCAL_SIGNATURE) {
    throw new ZipError(`${name} is not where the zip says.`);
  }
  const start = offset + LOCAL_BYTES + local.getUint16(26, true) + local.getUint16(28, true);
  const packed = zip.slice(start, start + packedBytes);
  if (method !== STORED && method !== DEFLATED) {
    throw new ZipError(`${name} is packed in a way that is not supported (${method}).`);
  }
  const stream =
    method === STORED
      ? packed.stream()
      : packed.stream().pipeThrough(new DecompressionStream("deflate-raw"));
  const content = await collect(stream, entry);
  if (crc32(content) !== entry.crc) throw new ZipError(`${name} is damaged.`);
  return content;
}

async function collect(
  stream: ReadableStream<Uint8Array>,
  { name, bytes }: ZipEntry,
): Promise<Uint8Array<ArrayBuffer>> {
  const content = new Uint8Array(bytes);
  let at = 0;
  try {
    for await (const chunk of stream) {
      if (at + chunk.byteLength > bytes) throw new ZipError(`${name} is larger than the zip says.`);
      content.set(chunk, at);
      at += chunk.byteLength;
    }
  } catch (error) {
    if (error instanceof ZipError) throw error;
    throw new ZipError(`${name} cannot be unpacked.`, { cause: error });
  }
  if (at !== bytes) throw new ZipError(`${name} is shorter than the zip says.`);
  return content;
}

const crcTable = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

/** CRC-32 as zip uses it (APPNOTE.TXT, 4.4.7). */
function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (crcTable[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}
