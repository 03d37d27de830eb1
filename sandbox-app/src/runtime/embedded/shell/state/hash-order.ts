/** Buckets of an associative array in bash (assoc.h, ASSOC_HASH_BUCKETS). */
const BUCKETS = 1024;
/** FNV-1 with 32 bits, as bash's hashlib uses it. */
const FNV_OFFSET = 2_166_136_261;
const FNV_PRIME = 16_777_619;

/** Keys of an associative array in the order in which bash lists them: that of its hash table. */
export function inHashOrder(keys: Iterable<string>): string[] {
  return Array.from(keys, (key, index) => ({ key, index, bucket: bucketOf(key) }))
    .toSorted((a, b) => a.bucket - b.bucket || b.index - a.index)
    .map(({ key }) => key);
}

function bucketOf(key: string): number {
  let hash = FNV_OFFSET;
  for (const byte of new TextEncoder().encode(key)) {
    hash = Math.imul(hash, FNV_PRIME) ^ byte;
  }
  return (hash >>> 0) % BUCKETS;
}
