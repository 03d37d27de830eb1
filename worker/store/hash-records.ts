import type { Redis } from "@upstash/redis";
import type * as z from "zod";
import { DiscoError } from "#protocol/errors.ts";

/**
 * All fields of a hash whose values are JSON.
 *
 * @throws DiscoError `internal` when one cannot be read: it must neither allow nor hide anything
 */
export async function readHash<Record>(
  redis: Redis,
  key: string,
  schema: z.ZodType<Record>,
): Promise<[field: string, record: Record][]> {
  const fields = ((await redis.hgetall(key)) as readonly string[] | null) ?? [];
  const rows: [string, Record][] = [];
  for (let index = 0; index + 1 < fields.length; index += 2) {
    const record = schema.safeParse(parseJson(fields[index + 1] ?? ""));
    if (!record.success) throw new DiscoError("internal", "A record of the store is damaged.");
    rows.push([fields[index] ?? "", record.data]);
  }
  return rows;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
