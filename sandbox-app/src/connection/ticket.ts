import * as z from "zod";

/** The answer of `POST /auth/tickets`. */
const Ticket = z.object({
  ticket: z.string().min(1),
  expires_in_s: z.number(),
  websocket_url: z.url({ protocol: /^wss?$/ }),
});

/** What asking for a ticket can come to; a failure is never thrown, because each has its state. */
export type TicketAnswer =
  | { readonly ok: true; readonly ticket: string; readonly url: string }
  | {
      readonly ok: false;
      readonly why: "deleted" | "signed_out" | "version_changed" | "failed";
      readonly reason: string;
    };

export type FetchTicket = (container: string, signal: AbortSignal) => Promise<TicketAnswer>;

/** Asks the worker for a ticket that admits one socket to this container's relay [OPEN-3]. */
export const fetchTicket: FetchTicket = async (container, signal) => {
  try {
    const response = await fetch("/auth/tickets", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ container }),
      credentials: "same-origin",
      cache: "no-store",
      signal,
    });
    if (!response.ok) return refusal(response.status);
    const parsed = Ticket.safeParse(await response.json());
    if (!parsed.success) return failed("The worker's ticket could not be read.");
    return { ok: true, ticket: parsed.data.ticket, url: parsed.data.websocket_url };
  } catch {
    return failed("The worker could not be reached.");
  }
};

function refusal(status: number): TicketAnswer {
  if (status === 401) {
    return { ok: false, why: "signed_out", reason: "The sign-in is gone." };
  }
  if (status === 410) return { ok: false, why: "deleted", reason: "The container was deleted." };
  if (status === 426) {
    return { ok: false, why: "version_changed", reason: "The worker has another version." };
  }
  return failed(`The worker gave no ticket (${status}).`);
}

function failed(reason: string): TicketAnswer {
  return { ok: false, why: "failed", reason };
}
