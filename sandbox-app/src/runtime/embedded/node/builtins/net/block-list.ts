import { isIPv4 } from "./addresses.ts";

/** IPv4 addresses as numbers; IPv6 is compared by text. */
function v4Number(address: string): number {
  return address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
}

/** `net.BlockList`; ranges and subnets for IPv4, single addresses for IPv6. */
export class BlockList {
  readonly rules: string[] = [];
  readonly #checks: ((address: string) => boolean)[] = [];

  addAddress(address: string, family = "ipv4"): void {
    this.rules.unshift(`Address: ${family === "ipv6" ? "IPv6" : "IPv4"} ${address}`);
    this.#checks.push((each) => each === address);
  }
  addRange(start: string, end: string): void {
    this.rules.unshift(`Range: IPv4 ${start}-${end}`);
    this.#checks.push((each) => {
      const value = v4Number(each);
      return isIPv4(each) && value >= v4Number(start) && value <= v4Number(end);
    });
  }
  addSubnet(network: string, prefix: number): void {
    this.rules.unshift(`Subnet: IPv4 ${network}/${prefix}`);
    const size = 2 ** (32 - prefix);
    this.#checks.push(
      (each) =>
        isIPv4(each) && Math.floor(v4Number(each) / size) === Math.floor(v4Number(network) / size),
    );
  }
  check(address: string): boolean {
    return this.#checks.some((matches) => matches(address));
  }
}

export class SocketAddress {
  readonly address: string;
  readonly port: number;
  readonly family: string;
  readonly flowlabel: number;

  constructor(
    options: { address?: string; port?: number; family?: string; flowlabel?: number } = {},
  ) {
    this.family = options.family ?? "ipv4";
    this.address = options.address ?? (this.family === "ipv6" ? "::" : "127.0.0.1");
    this.port = options.port ?? 0;
    this.flowlabel = options.flowlabel ?? 0;
  }
}
