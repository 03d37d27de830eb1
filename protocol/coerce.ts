import * as z from "zod";

/**
 * Query strings and many models write numbers and booleans as text: `"10"` becomes 10 and `"true"`
 * becomes true; a list of one they write as the one, or as JSON. Only where the schema wants that type;
 * everything else is left to the parser.
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
  if (inner instanceof z.ZodArray && inner.element instanceof z.ZodString) return listOf(text);
  return text;
}

/** File names may begin with a bracket, so only what is a list of texts is one. */
function listOf(text: string): unknown {
  try {
    const list = z.array(z.string()).safeParse(JSON.parse(text));
    return list.success ? list.data : [text];
  } catch {
    return [text];
  }
}

function unwrap(field: z.ZodType): z.ZodType {
  let current = field;
  while (current instanceof z.ZodOptional || current instanceof z.ZodDefault) {
    current = current.unwrap() as z.ZodType;
  }
  return current;
}
