/** What a client says of itself at the endpoints for programs; nothing of it is proved yet. */
export interface ClientCredentials {
  /** Empty when it says nothing. */
  readonly id: string;
  readonly secret: string | null;
}

/** In the header, or among the fields (RFC 6749, section 2.3.1). */
export function clientCredentials(
  authorization: string | undefined,
  fields: URLSearchParams,
): ClientCredentials {
  const basic = basicCredentials(authorization);
  return {
    id: basic?.id ?? fields.get("client_id") ?? "",
    secret: basic?.secret ?? fields.get("client_secret"),
  };
}

function basicCredentials(header: string | undefined): { id: string; secret: string } | null {
  const encoded = /^Basic +([A-Za-z0-9+/=]+)$/i.exec(header ?? "")?.[1];
  if (encoded === undefined) return null;
  try {
    const [id = "", ...rest] = atob(encoded).split(":");
    return { id: decodeURIComponent(id), secret: decodeURIComponent(rest.join(":")) };
  } catch {
    return { id: "", secret: "" };
  }
}
