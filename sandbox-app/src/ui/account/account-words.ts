import type { AccountClient, AccountState } from "../../tab/page-api.ts";
import { formatAgo } from "../text/duration.ts";
import { visibleLine } from "../text/visible.ts";

/** Who a client is by what it cannot say of itself, then what it does. */
export function clientFacts(client: AccountClient, now: number): string[] {
  return [cameBy(client), usedWords(client, now)];
}

function cameBy({ came_by, host }: AccountClient): string {
  switch (came_by) {
    case "oauth":
      return host === null ? "signed in" : `signed in by ${visibleLine(host)}`;
    case "api_key":
      return "API key";
    case "local_token":
      return "token of this machine";
  }
}

function usedWords({ used_at }: AccountClient, now: number): string {
  return used_at === null ? "not used yet" : `used ${formatAgo(now - used_at)}`;
}

/** What a container is called where one is chosen. */
export function containerWords({ name, state }: AccountState["containers"][number]): string {
  const isOpen = state !== "waiting_for_tab" && state !== "unknown";
  return isOpen ? `${visibleLine(name)} (open)` : visibleLine(name);
}
