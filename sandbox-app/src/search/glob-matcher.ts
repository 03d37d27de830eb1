import ignore from "ignore";

/**
 * A test for paths. A glob reads as a line of a `.gitignore`: what it would leave out is what is wanted.
 *
 * @param glob undefined: all paths fit
 */
export function globMatcher(glob: string | undefined): (path: string) => boolean {
  if (glob === undefined) return () => true;
  if (!glob.startsWith("!")) {
    const rules = ignore().add(glob);
    return (path) => rules.ignores(path);
  }
  const rules = ignore().add(glob.slice(1));
  return (path) => !rules.ignores(path);
}
