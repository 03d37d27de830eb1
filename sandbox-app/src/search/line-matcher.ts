/** The pattern is no regular expression; the message says where. */
export class PatternError extends Error {
  override readonly name = "PatternError";
}

export type LineMatcher = (line: string) => boolean;

/**
 * Makes a test for single lines, without their ends.
 *
 * Regular expressions are RE2's: they take time in proportion to the text, whatever the pattern, so
 * no caller can make the tab stand still; there are no back references and no look-around.
 *
 * @throws PatternError
 */
export async function lineMatcher(
  pattern: string,
  { regex, ignoreCase }: { readonly regex: boolean; readonly ignoreCase: boolean },
): Promise<LineMatcher> {
  if (!regex && !ignoreCase) return (line) => line.includes(pattern);
  // Its tables of Unicode are large, and every page would wait for them before its first call.
  const { RE2JS, RE2JSSyntaxException } = await import("re2js");
  try {
    const source = regex ? pattern : RE2JS.quote(pattern);
    const compiled = RE2JS.compile(source, ignoreCase ? RE2JS.CASE_INSENSITIVE : 0);
    return (line) => compiled.test(line);
  } catch (error) {
    if (error instanceof RE2JSSyntaxException) throw new PatternError(error.message);
    throw error;
  }
}
