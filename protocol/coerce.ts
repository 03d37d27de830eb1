import * as z from "zod";

/**
 * Query strings and many models write numbers and booleans as text: `"10"` becomes 10 and `"true"`
 * becomes true, but only where the schema wants that type. Everything else is left to the parser.
 *
 * @param schema the operation's input
 * @param input what the caller sent; anything
 */
export function coerceInput(schema: z.ZodObject, input: unknown): unknown {
  if (typeof input !== "object" || input === null || Array.isArray(input)) return input;
  // Object.fromEntries defines own properties, so a key "__proto__" stays a key and is refused as one.
  return Object.fromEntries(
    Object.entries(input).map(([key, value]: [string, unknown]) => {
      const field = Object.hasOwn(schema.shape, key) ? (schema.shape[key] as z.ZodType) : undefined;
      return [key, typeof value === "string" && field ? coerceText(field, value) : value];
    }),
  );
}

function coerceText(field: z.ZodType, text: string): unknown {
  const inner = unwrap(field);
  if (inner instanceof z.ZodNumber && /^-?\d+(\.\d+)?$/.test(text.trim())) return Number(text);
  if (inner instanceof z.ZodBoolean && (text === "true" || text === "false"))
    return text === "true";
  return text;
}

function unwrap(field: z.ZodType): z.ZodType {
  let current = field;
  while (current instanceof z.ZodOptional || current instanceof z.ZodDefault) {
    current = current.unwrap() as z.ZodType;
  }
  return current;
}
