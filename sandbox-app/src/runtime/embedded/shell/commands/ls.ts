import type { ExecResult, ResolvedCommandContext } from "just-bash/browser";

/**
 * `ls` with files among its operands: files first, one a line, then directories under their names.
 * just-bash puts an empty line between all operands.
 */
export async function ls(args: string[], context: ResolvedCommandContext): Promise<ExecResult> {
  const original = context.origCommand;
  if (original === undefined) return { stdout: "", stderr: "ls: not available\n", exitCode: 2 };
  const flags = args.filter((arg) => arg.startsWith("-") && arg !== "-");
  const operands = args.filter((arg) => !flags.includes(arg));
  if (operands.length < 2 || flags.includes("--help")) return original([...args]);
  const listsItself = flags.some((flag) => /^-[^-]*d/.test(flag));
  const isDirectory = async (path: string): Promise<boolean> => {
    const stat = context.fs.stat(context.fs.resolvePath(context.cwd, path));
    return (
      !listsItself &&
      (await stat.then(
        (found) => found.isDirectory,
        () => false,
      ))
    );
  };
  const kinds = await Promise.all(operands.map(isDirectory));
  const results: ExecResult[] = [];
  for (const [index, operand] of operands.entries()) {
    if (kinds[index] === false) results.push(await original([...flags, "--", operand]));
  }
  for (const [index, operand] of operands.entries()) {
    if (kinds[index] !== true) continue;
    const listed = await original([...flags, "--", operand]);
    const gap = results.some(({ stdout }) => stdout !== "") ? "\n" : "";
    results.push({ ...listed, stdout: `${gap}${operand}:\n${listed.stdout}` });
  }
  return {
    stdout: results.map(({ stdout }) => stdout).join(""),
    stderr: results.map(({ stderr }) => stderr).join(""),
    exitCode: Math.max(...results.map(({ exitCode }) => exitCode)),
  };
}
