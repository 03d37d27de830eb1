import { NpmError } from "../model/npm-error.ts";

/** Hashes of Subresource Integrity, the strongest first; old packages have SHA-1 only. */
const ALGORITHMS = [
  ["sha512", "SHA-512"],
  ["sha384", "SHA-384"],
  ["sha256", "SHA-256"],
  ["sha1", "SHA-1"],
] as const;

/**
 * Holds bytes against the strongest hashes that are given (SRI, section 3.3.4).
 *
 * @throws NpmError EINTEGRITY when none of them fits, or none is known
 */
export async function checkIntegrity(
  bytes: Uint8Array<ArrayBuffer>,
  integrity: string | undefined,
  label: string,
): Promise<void> {
  if (integrity === undefined || integrity.trim() === "") return;
  const hashes = integrity.trim().split(/\s+/);
  for (const [prefix, algorithm] of ALGORITHMS) {
    const expected = hashes
      .filter((hash) => hash.startsWith(`${prefix}-`))
      .map((hash) => hash.slice(prefix.length + 1).split("?")[0]);
    if (expected.length === 0) continue;
    const actual = base64(await crypto.subtle.digest(algorithm, bytes));
    if (expected.includes(actual)) return;
    throw new NpmError("EINTEGRITY", [
      `${label} integrity checksum failed when using ${prefix}: ` +
        `wanted ${prefix}-${expected.join(" ")} but got ${prefix}-${actual}. (${bytes.length} bytes)`,
    ]);
  }
  throw new NpmError("EINTEGRITY", [`${label} has no hash that is known here: ${integrity}`]);
}

/** The integrity of a tarball, in the form that registries and lockfiles have it. */
export async function integrityOf(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return `sha512-${base64(await crypto.subtle.digest("SHA-512", bytes))}`;
}

function base64(digest: ArrayBuffer): string {
  return btoa(String.fromCharCode(...new Uint8Array(digest)));
}
