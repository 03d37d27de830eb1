import * as z from "zod";
import type { Operation } from "./operation.ts";

/** A JSON Schema (draft 2020-12) of an object. */
export interface ObjectSchema extends Record<string, unknown> {
  readonly type: "object";
  readonly properties: Record<string, Record<string, unknown>>;
  readonly required?: string[];
}

/**
 * Input and output of an operation as JSON Schemas. Defaults are optional in the input and present in
 * the output.
 */
export function jsonSchemasOf(operation: Operation): { input: ObjectSchema; output: ObjectSchema } {
  return {
    input: { ...schemaOf(operation.input, "input"), additionalProperties: false },
    output: schemaOf(operation.output, "output"),
  };
}

/** As what comes in, or as what goes out. */
export function schemaOf(schema: z.ZodObject, io: "input" | "output"): ObjectSchema {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, {
    io,
    override: ({ jsonSchema }) => {
      // Every JavaScript integer has these bounds; to a reader they are noise.
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
    },
  });
  return rest as ObjectSchema;
}
