/** A cipher of OpenSSL by what it is made of. */
export interface CipherInfo {
  readonly mode: "cbc" | "ctr" | "ecb" | "gcm";
  /** As OpenSSL names it. */
  readonly name: string;
  /** OpenSSL's number for it (obj_mac.h). */
  readonly nid: number;
  readonly blockSize?: number;
  /** Bytes; absent where there is none. */
  readonly ivLength?: number;
  /** Bytes. */
  readonly keyLength: number;
}

const bits = [128, 192, 256] as const;
const nids: Readonly<Record<string, readonly [number, number, number]>> = {
  ecb: [418, 422, 426],
  cbc: [419, 423, 427],
  ctr: [904, 905, 906],
  gcm: [895, 898, 901],
};

/** By the names that programs list and ask for. */
const table = new Map<string, CipherInfo>();
for (const [index, size] of bits.entries()) {
  const keyLength = size / 8;
  for (const mode of ["cbc", "ecb", "ctr", "gcm"] as const) {
    const name = mode === "gcm" ? `id-aes${size}-gcm` : `aes-${size}-${mode}`;
    const blockSize = mode === "cbc" || mode === "ecb" ? 16 : 1;
    const iv = mode === "ecb" ? {} : { ivLength: mode === "gcm" ? 12 : 16 };
    const info = { mode, name, nid: nids[mode]?.[index] ?? 0, blockSize, ...iv, keyLength };
    table.set(`aes-${size}-${mode}`, info);
    if (mode === "gcm") table.set(`id-aes${size}-GCM`, info);
    if (mode === "cbc") table.set(`aes${size}`, info);
  }
}

/** Null for a cipher that is not there. */
export function cipherInfo(name: string): CipherInfo | null {
  const wanted = name.toLowerCase();
  return table.get(wanted) ?? table.get(wanted.replace(/^(id-.*)gcm$/, "$1GCM")) ?? null;
}

export function cipherNames(): string[] {
  return [...table.keys()].toSorted();
}
