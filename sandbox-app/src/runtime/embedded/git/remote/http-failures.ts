import type { ResponseHead } from "../../../../preview/http/response-head.ts";
import { GitFailure } from "../cli/failure.ts";
import { concat } from "../objects/bytes.ts";
import type { Service } from "./http-transport.ts";
import { plainText } from "./plain-text.ts";
import { type Reason, remoteFailure } from "./reasons.ts";

/** Bytes of a host's own words that are shown with its refusal. */
const WORDS_MAX_BYTES = 4_096;

/** What the kernel or the worker said instead of an answer. */
export function connectionFailure(url: string, service: Service, error: unknown): Error {
  if (error instanceof GitFailure) return error;
  const { code } = error as { code?: string };
  const message = error instanceof Error ? error.message : String(error);
  const reason = reasonOf(code ?? "", message, service);
  return remoteFailure(reason, `unable to access '${url}': ${message}`);
}

function reasonOf(code: string, message: string, service: Service): Reason {
  if (code === "EACCES")
    return service === "git-receive-pack" ? "push_not_granted" : "host_not_allowed";
  if (code === "EPERM" && message.includes(" redirects to ")) return "redirect_refused";
  if (code === "EPERM" && message.includes(" may not be pushed")) return "ref_not_granted";
  if (code === "EPERM" || code === "ENETUNREACH") return "network_refused";
  if (code === "EAGAIN") return "overloaded";
  return "network_unavailable";
}

/** What an answer means that is none of git's. */
export async function statusFailure(
  url: string,
  service: Service,
  { status }: ResponseHead,
  body: AsyncGenerator<Uint8Array>,
): Promise<GitFailure> {
  const said = await remoteWords(body);
  const refusal = (reason: Reason, message: string): GitFailure => {
    const failure = remoteFailure(reason, message);
    return new GitFailure(said + failure.message, failure.exitCode);
  };
  if (status === 401)
    return refusal(
      "authentication_failed",
      `Authentication failed for '${url}/'\n` +
        "hint: Add a credential for it in the page under Network, and allow the repository there.",
    );
  if (status === 404) return refusal("repository_not_found", `repository '${url}/' not found`);
  const message = `unable to access '${url}/': The requested URL returned error: ${status}`;
  if (status === 403) return refusal("authentication_failed", message);
  if (status === 429) return refusal("overloaded", message);
  const verb = service === "git-receive-pack" ? "push" : "fetch";
  return refusal(
    status === 413 ? "too_large" : "network_unavailable",
    status === 413 ? `${message} (the ${verb} is too large for it)` : message,
  );
}

async function remoteWords(body: AsyncGenerator<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of body) {
    parts.push(part);
    size += part.length;
    if (size >= WORDS_MAX_BYTES) break;
  }
  const text = plainText(concat(parts).subarray(0, WORDS_MAX_BYTES)).trim();
  return text === ""
    ? ""
    : text
        .split(/\r?\n/)
        .map((line) => `remote: ${line}\n`)
        .join("");
}
