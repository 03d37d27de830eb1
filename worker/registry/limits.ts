/** What one request of the registry proxy may cost. */
export interface RegistryLimits {
  /** Bytes of one package's metadata, as it comes out of the transfer encoding. */
  readonly metadataMaxBytes: number;
  /** Bytes of one tarball. */
  readonly tarballMaxBytes: number;
  /** Milliseconds until the registry's first byte. */
  readonly headersTimeoutMs: number;
  /** Milliseconds for the whole answer. */
  readonly totalTimeoutMs: number;
  /** Requests of one client address that may come at once … */
  readonly burst: number;
  /** … and that it wins back each second. */
  readonly perSecond: number;
}

const MiB = 1024 * 1024;

export const registryLimits: RegistryLimits = {
  // A registry without the abbreviated form sent 21 MB for a package of 2,600 versions.
  metadataMaxBytes: 64 * MiB,
  // Large libraries of real projects have 20 to 30 MB; native toolchains, which do not run in a tab,
  // have more.
  tarballMaxBytes: 64 * MiB,
  headersTimeoutMs: 15_000,
  // 64 MiB in two minutes is a line of 4.5 Mbit/s.
  totalTimeoutMs: 120_000,
  // A project of 1,500 packages asks twice for each; a second one must wait a little.
  burst: 4_000,
  perSecond: 50,
};
