/**
 * The harness passes a worker's own requests on through Node's fetch and forgets that redirects are
 * not to be followed; workerd by itself, as `wrangler dev` runs it, does not follow them.
 *
 * @returns what puts Node's fetch back
 */
export function keepRedirectsManual(): () => void {
  return replaceFetch(withManual);
}

/** As `keepRedirectsManual`, and the body goes on too, as it comes. */
export function passRequestsOn(): () => void {
  return replaceFetch((init) => ({
    ...withManual(init),
    ...(init?.body && { body: init.body, duplex: "half" as const }),
  }));
}

function replaceFetch(change: (init: RequestInit | undefined) => RequestInit): () => void {
  const original = globalThis.fetch;
  globalThis.fetch = (input, init) => original(input, change(init));
  return () => {
    globalThis.fetch = original;
  };
}

/** The harness hands over a Request of its own undici, which Node's fetch reads like an init. */
function withManual(init: RequestInit | undefined): RequestInit {
  const { method, headers, signal } = init ?? {};
  return {
    ...(method !== undefined && { method }),
    ...(headers !== undefined && { headers: [...(headers as Headers)] }),
    ...(signal && { signal }),
    redirect: "manual",
  };
}
