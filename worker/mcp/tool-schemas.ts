import type { ObjectSchema } from "#protocol/json-schema.ts";

/**
 * Bounds that no caller needs to read: whoever is outside of them is told so, in words. The most of a
 * number, or of a list, stays in arguments, because it says what to ask for.
 */
const silentInInput: ReadonlySet<string> = new Set([
  "additionalProperties",
  "maxLength",
  "minItems",
  "minLength",
  "minimum",
  "pattern",
  "propertyNames",
]);

/**
 * What a tool returns is told by its description, and seen in its answers; the schema only names it.
 * Programs that want more find it in the OpenAPI document.
 */
const silentInOutput: ReadonlySet<string> = new Set([
  ...silentInInput,
  "default",
  "description",
  "enum",
  "exclusiveMinimum",
  "maxItems",
  "maximum",
  "required",
]);

/**
 * The arguments as a model needs them. Each listed tool costs every conversation, so what only
 * repeats is left out; the pipeline parses with the whole schema all the same.
 */
export function shortInput(schema: ObjectSchema): ObjectSchema {
  return { ...(shorten(schema, silentInInput) as ObjectSchema), additionalProperties: false };
}

/**
 * The output as names and types. A list of the same as the output itself is only named, and so are
 * objects that may be null.
 */
export function shortOutput(schema: ObjectSchema): ObjectSchema {
  const { properties, ...rest } = shorten(schema, silentInOutput) as ObjectSchema;
  const entries = Object.entries(properties).map(([name, property]) => {
    if (Array.isArray(property["type"]) && "properties" in property) {
      return [name, { type: property["type"] }] as const;
    }
    const { properties: inner = {} } = Object(property["items"]) as Partial<ObjectSchema>;
    const others = Object.keys(properties).filter((other) => other !== name);
    const repeats = others.length > 0 && others.every((other) => Object.hasOwn(inner, other));
    return [name, repeats ? { ...property, items: { type: "object" } } : property] as const;
  });
  return { ...rest, type: "object", properties: Object.fromEntries(entries) };
}

type Schema = Readonly<Record<string, unknown>>;

function shorten(schema: Schema, silent: ReadonlySet<string>): Schema {
  const kept = Object.entries(schema).filter(([keyword]) => !silent.has(keyword));
  return withoutUnion(
    Object.fromEntries(
      kept.map(([keyword, value]) => {
        if (keyword === "properties") return [keyword, shortenEach(value as Schema, silent)];
        if (keyword === "items") return [keyword, shorten(value as Schema, silent)];
        if (keyword === "anyOf") {
          return [keyword, (value as Schema[]).map((one) => shorten(one, silent))];
        }
        return [keyword, value];
      }),
    ),
  );
}

/** The names of properties are no keywords. */
function shortenEach(properties: Schema, silent: ReadonlySet<string>): Schema {
  return Object.fromEntries(
    Object.entries(properties).map(([name, schema]) => [name, shorten(schema as Schema, silent)]),
  );
}

/** `null` as one more type (JSON Schema 2020-12, section 6.1.1); a union of it stalls some clients. */
function withoutUnion({ anyOf, ...rest }: Schema): Schema {
  if (anyOf === undefined) return rest;
  const [given, nothing, ...others] = anyOf as Schema[];
  if (nothing?.["type"] !== "null" || typeof given?.["type"] !== "string" || others.length > 0) {
    return { ...rest, anyOf };
  }
  const values = given["enum"] as unknown[] | undefined;
  return {
    ...rest,
    ...given,
    type: [given["type"], "null"],
    ...(values && { enum: [...values, null] }),
  };
}
