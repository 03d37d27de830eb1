import type { NodeContext } from "../../context.ts";
import { missingFeature } from "../errors/node-error.ts";
import { callableClass } from "../callable-class.ts";
import { createCiphers } from "./ciphers.ts";
import { createDerivations } from "./derive.ts";
import { hashNames } from "./hash-functions.ts";
import { createHashClasses } from "./hashes.ts";
import { createKeys } from "./key-objects.ts";
import { createRandom } from "./random.ts";

/** What needs OpenSSL, which a tab does not have; Web Cryptography does most of it. */
const missing =
  "createSign createVerify sign verify createDiffieHellman createECDH createDiffieHellmanGroup getDiffieHellman diffieHellman generateKeyPair generateKeyPairSync generatePrime generatePrimeSync checkPrime checkPrimeSync publicEncrypt publicDecrypt privateEncrypt privateDecrypt createPrivateKey createPublicKey".split(
    " ",
  );

/** `node:crypto`: hashes, macs, key derivation and randomness; ciphers of AES; signatures by `webcrypto`. */
export function createCrypto(node: NodeContext): unknown {
  const { Hash, Hmac } = createHashClasses(node);
  const { crypto } = node.natives;
  const random = createRandom(node);
  const refuse = (name: string) => (): never => {
    throw missingFeature(
      `crypto.${name}`,
      "Use crypto.webcrypto.subtle (AES, RSA, ECDSA, ECDH, Ed25519) instead.",
    );
  };
  return {
    ...Object.fromEntries(missing.map((name) => [name, refuse(name)])),
    ...random,
    ...createDerivations(node),
    ...createCiphers(node),
    ...createKeys(node),
    Hash: callableClass(Hash),
    Hmac: callableClass(Hmac),
    createHash: (algorithm: unknown, options?: object) => new Hash(algorithm, options),
    createHmac: (algorithm: unknown, key: unknown, options?: object) =>
      new Hmac(algorithm, key, options),
    hash: (algorithm: unknown, data: unknown, encoding: unknown = "hex") => {
      const name =
        typeof encoding === "object"
          ? (encoding as { outputEncoding?: unknown }).outputEncoding
          : encoding;
      return new Hash(algorithm).update(data).digest(name ?? "hex");
    },
    getHashes: () => hashNames(),
    getCurves: () => [],
    getFips: () => 0,
    setFips: (): undefined => undefined,
    webcrypto: crypto,
    subtle: crypto.subtle,
    getRandomValues: <T extends ArrayBufferView<ArrayBuffer>>(target: T) =>
      crypto.getRandomValues(target),
    constants: {
      defaultCoreCipherList: "",
      RSA_PKCS1_PADDING: 1,
      RSA_PKCS1_OAEP_PADDING: 4,
      RSA_PKCS1_PSS_PADDING: 6,
    },
  };
}
