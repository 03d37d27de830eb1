import { DiscoError } from "#protocol/errors.ts";

/**
 * An argument that fits its schema and still cannot be used; told in the form of the edge's own parse.
 *
 * @param argument its name
 * @param wants what is wrong with it, as the rest of a sentence
 */
export function invalidArgument(argument: string, wants: string): DiscoError {
  return new DiscoError("invalid_input", `\`${argument}\` ${wants}.`, {
    details: { issues: [{ argument, wants }] },
  });
}
