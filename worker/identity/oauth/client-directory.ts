import type { Redis } from "@upstash/redis";
import { DiscoError } from "#protocol/errors.ts";
import type { AppContext } from "../../http/app-env.ts";
import { clientNetwork } from "../../http/client-network.ts";
import { servingConfig } from "../../http/configured.ts";
import { RateBound } from "../../registry/rate-bound.ts";
import { recordKey } from "../../store/oauth-records.ts";
import { isDocumentUrl, keptDocument, parseClientDocument } from "./client-document.ts";
import { CACHE_MAX_S, fetchDocument } from "./fetch-document.ts";
import { fingerprint } from "./secrets.ts";
import { staticClient } from "./static-clients.ts";

/** Documents that one address may make us read; a person needs one for each client. */
const rate = new RateBound(30, 0.5);

/**
 * Documents that are kept in as many seconds as the longest is kept; past it each is read again. Who
 * floods us with others' documents fills 10 MB of the store (2,000 of 5 KB), and only for that long.
 */
export const DOCUMENTS_KEPT_MAX = 1_000;

const documentKey = (hash: string): string => `oauth:document:${hash}`;

/** Everybody who may ask for a grant, by the three ways to be known. */
export interface ClientDirectory {
  /**
   * A client that the deployment was configured with, one that its own document describes, or one
   * that registered itself.
   *
   * @returns the library's record, or null
   * @throws DiscoError `network_refused`, `network_unavailable` when the document
   *   cannot be used, `overloaded`
   */
  find(id: string): Promise<object | null>;
}

export function createClientDirectory(context: AppContext, redis: Redis): ClientDirectory {
  async function fromDocument(url: string): Promise<object | null> {
    const key = documentKey(await fingerprint(url));
    const kept = await redis.get<string>(key);
    if (kept !== null) {
      const client = parseClientDocument(url, JSON.parse(kept));
      if (typeof client !== "string") return client;
    }
    if (!rate.take(clientNetwork(context))) {
      throw new DiscoError("overloaded", "Too many clients from this address at once.");
    }
    const self = { config: servingConfig(context), origins: context.get("origins") };
    const { value, maxAgeS } = await fetchDocument(url, self);
    const client = parseClientDocument(url, value);
    if (typeof client === "string") throw new DiscoError("network_refused", client);
    if (await mayKeep(redis)) {
      await redis.set(key, JSON.stringify(keptDocument(client)), { ex: maxAgeS });
    }
    return client;
  }

  return {
    async find(id) {
      const configured = await staticClient(servingConfig(context), id);
      if (configured !== null) return configured;
      if (isDocumentUrl(id)) return fromDocument(id);
      const text = await redis.get<string>(recordKey(`client:${id}`));
      return text === null ? null : (JSON.parse(text) as object);
    },
  };
}

async function mayKeep(redis: Redis): Promise<boolean> {
  const period = Math.floor(Date.now() / 1_000 / CACHE_MAX_S);
  const counter = `oauth:documents:${period}`;
  const count = await redis.incr(counter);
  if (count === 1) await redis.expire(counter, CACHE_MAX_S);
  return count <= DOCUMENTS_KEPT_MAX;
}
