import { type EgressTarget, hostAndPort, ruleText } from "#protocol/egress-rule.ts";
import { type GitRequest, parseGitRequest } from "#protocol/git-request.ts";
import { FileError, type FileErrorCode } from "../../runtime.ts";
import type { Exchange } from "./http-connection.ts";
import type { Asker, Ledger } from "./ledger.ts";
import { ProxyRefusal } from "./proxy-client.ts";
import { failureOf } from "./refusals.ts";

/** HTTP statuses by which forges say that they want to know who asks (RFC 9110, section 15.5). */
const WANTS_SIGN_IN = new Set([401, 403]);

export interface GitExchangeOptions extends Pick<Exchange, "send" | "inTurn"> {
  readonly target: EgressTarget;
  readonly asker: Asker;
  readonly ledger: Ledger;
  readonly local: boolean;
}

/** How git's requests go out, and what the page is told of those that were refused. */
export function gitExchange({ target, asker, ledger, ...options }: GitExchangeOptions): Exchange {
  let last: GitRequest | null = null;
  const wish = (): void => {
    if (last === null) return;
    const access = last.service === "git-receive-pack" ? "push" : "read";
    ledger.wishForGit(last.repository, access, asker);
  };
  return {
    inTurn: options.inTurn,
    received: (received) => ledger.used(target, { received }),
    async send(request, signal) {
      const url = ruleText(target) + request.path;
      const parsed = parseGitRequest(request.method, url, options.local);
      last = parsed.ok ? parsed.value : null;
      const answer = await options.send(request, signal);
      if (WANTS_SIGN_IN.has(answer.head.status)) wish();
      return answer;
    },
    failure(error) {
      if (error instanceof ProxyRefusal && error.code === "network_not_granted") {
        wish();
        return refusedBecause("EACCES", target, `${error.message} ${ALLOW}`);
      }
      if (error instanceof ProxyRefusal && error.code === "network_refused") {
        return refusedBecause("EPERM", target, error.message);
      }
      return failureOf(error, target);
    },
  };
}

const ALLOW = "Allow it in the page under Network, then run this again.";

function refusedBecause(code: FileErrorCode, target: EgressTarget, message: string): FileError {
  return new FileError(code, hostAndPort(target), message);
}
