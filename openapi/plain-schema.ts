/**
 * The same document, whose schemas say "or null" as a second type and not as an alternative, and whose
 * objects all list their properties: readers that turn schemas into functions of a model stumble over
 * `anyOf`, and over an object without `properties`. What is valid stays the same.
 *
 * @throws Error for an alternative that cannot be said as types
 */
export function plainSchema<Value>(value: Value): Value {
  return plain(value) as Value;
}

function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, one]) => [key, plain(one)] as const);
  const schema = withoutNullAlternative(Object.fromEntries(entries));
  const lacksProperties = schema["type"] === "object" && !("properties" in schema);
  return lacksProperties ? { ...schema, properties: {} } : schema;
}

function withoutNullAlternative(schema: Record<string, unknown>): Record<string, unknown> {
  const { anyOf, ...rest } = schema;
  if (!Array.isArray(anyOf)) return schema;
  const [first, second] = anyOf as Record<string, unknown>[];
  const isNullable = anyOf.length === 2 && second?.["type"] === "null";
  if (!isNullable || typeof first?.["type"] !== "string") {
    throw new Error(`This alternative is more than "or null": ${JSON.stringify(anyOf)}`);
  }
  return { ...first, ...rest, type: [first["type"], "null"] };
}
