import type * as z from "zod";
import { DiscoError } from "#protocol/errors.ts";

/**
 * A record as it was stored. What cannot be read is our mistake and never a guess.
 *
 * @param what names the kind of record, for the log
 * @throws DiscoError `internal`
 */
export function parseRecord<Value>(text: string, schema: z.ZodType<Value>, what: string): Value {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new DiscoError("internal", `The record of ${what} is not JSON.`, { cause });
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new DiscoError("internal", `The record of ${what} is damaged.`, { cause: parsed.error });
}

/** What HGETALL answers: fields and values in turn. */
export function fieldsOf(reply: unknown): Map<string, string> {
  const flat = (reply ?? []) as readonly string[];
  const fields = new Map<string, string>();
  for (let index = 0; index + 1 < flat.length; index += 2) {
    fields.set(flat[index] ?? "", flat[index + 1] ?? "");
  }
  return fields;
}

/** 128 random bits with a prefix that says what they name. */
export function newId(prefix: string): string {
  const random = crypto.getRandomValues(new Uint8Array(16));
  const hex = Array.from(random, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${prefix}_${hex}`;
}

/** RFC 4648, section 5, without padding. */
export function base64Url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replace(/=+$/, "");
}
