import { type EgressTarget, ruleText } from "#protocol/egress-rule.ts";
import { PROGRAM_MAX_CHARS, REPORT_MS, USES_MAX, WISHES_MAX } from "./limits.ts";
import type { GitAccess } from "#protocol/git-grant.ts";
import type { GitWish, HostUse, Wish } from "./messages.ts";

/** Who asks for a host. */
export interface Asker {
  readonly pid: number;
  readonly argv: readonly string[];
}

export interface NetworkState {
  readonly wishes: Wish[];
  readonly uses: HostUse[];
  readonly gitWishes: GitWish[];
}

/** What programs wished for and what they used, told to the page now and then, however often they ask. */
export class Ledger {
  readonly #wishes = new Map<string, Wish>();
  readonly #gitWishes = new Map<string, GitWish>();
  readonly #uses = new Map<string, HostUse>();
  readonly #now: () => number;
  #tell: ((state: NetworkState) => void) | null = null;
  #timer: ReturnType<typeof setTimeout> | null = null;

  /** @param now milliseconds since the epoch */
  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** Reports go there from now on, beginning with what is known already. */
  reportTo(tell: (state: NetworkState) => void): void {
    this.#tell = tell;
    this.#changed();
  }

  wish(target: EgressTarget, { pid, argv }: Asker): void {
    const host = ruleText(target);
    const count = (this.#wishes.get(host)?.count ?? 0) + 1;
    renew(this.#wishes, host, { host, pid, program: commandLine(argv), count }, WISHES_MAX);
    this.#changed();
  }

  /** The page leaves out what has come true: it knows which repositories are allowed. */
  wishForGit(repository: string, access: GitAccess, { pid, argv }: Asker): void {
    const key = `${access} ${repository}`;
    const count = (this.#gitWishes.get(key)?.count ?? 0) + 1;
    const wish = { repository, access, pid, program: commandLine(argv), count };
    renew(this.#gitWishes, key, wish, WISHES_MAX);
    this.#changed();
  }

  /** Wishes that have come true are none any more. */
  settle(isAllowed: (host: string) => boolean): void {
    for (const host of this.#wishes.keys()) if (isAllowed(host)) this.#wishes.delete(host);
    this.#changed();
  }

  /** Adds to what is counted for a host. */
  used(
    target: EgressTarget,
    more: { readonly requests?: number; readonly sent?: number; readonly received?: number },
  ): void {
    const host = ruleText(target);
    const before = this.#uses.get(host);
    const use = {
      host,
      requests: (before?.requests ?? 0) + (more.requests ?? 0),
      bytesSent: (before?.bytesSent ?? 0) + (more.sent ?? 0),
      bytesReceived: (before?.bytesReceived ?? 0) + (more.received ?? 0),
      lastAt: this.#now(),
    };
    renew(this.#uses, host, use, USES_MAX);
    this.#changed();
  }

  #changed(): void {
    if (this.#tell === null || this.#timer !== null) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#tell?.({
        wishes: [...this.#wishes.values()],
        uses: [...this.#uses.values()],
        gitWishes: [...this.#gitWishes.values()],
      });
    }, REPORT_MS);
  }
}

function commandLine(argv: readonly string[]): string {
  return argv.join(" ").slice(0, PROGRAM_MAX_CHARS);
}

/** Puts the value last, and lets the first go when there are too many. */
function renew<Value>(map: Map<string, Value>, key: string, value: Value, max: number): void {
  map.delete(key);
  map.set(key, value);
  for (const oldest of map.keys()) {
    if (map.size <= max) break;
    map.delete(oldest);
  }
}
