import type { AppContext } from "./app-env.ts";

/** An address of IP version 4 as version 6 writes it (RFC 4291, section 2.5.5.2). */
const MAPPED = /^::ffff:(\d{1,3}(?:\.\d{1,3}){3})$/i;

/** Groups of 16 bits in an address of IP version 6, and in the part that a network has (RFC 4291). */
const GROUPS = 8;
const NETWORK_GROUPS = 4;

/**
 * Whom limits count: the address that Cloudflare saw, of IP version 6 only its /64. Without Cloudflare
 * there is one machine, and its person.
 */
export function clientNetwork(context: AppContext): string {
  return networkOf(context.req.header("CF-Connecting-IP") ?? "local");
}

/**
 * Whoever has one address of IP version 6 has the 2^64 of its /64 (RFC 6177, section 1): each with a
 * count of its own, none would be bounded.
 */
export function networkOf(address: string): string {
  const mapped = MAPPED.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  if (!address.includes(":") || !URL.canParse(`http://[${address}]/`)) return address;
  // The parser writes each address in one way (RFC 5952).
  const text = new URL(`http://[${address}]/`).hostname.slice(1, -1);
  const [front = [], back = []] = text.split("::").map((part) => part.split(":").filter(Boolean));
  const zeros = Array<string>(GROUPS - front.length - back.length).fill("0");
  const network = [...front, ...zeros, ...back].slice(0, NETWORK_GROUPS);
  return `${network.join(":")}::/64`;
}
