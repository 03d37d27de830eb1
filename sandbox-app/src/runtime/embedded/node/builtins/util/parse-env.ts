import { validateString } from "../errors/validate.ts";

const line =
  /^[\t ]*(?:export[\t ]+)?([^\s#=][^\n=]*?)[\t ]*=[\t ]*(?:"((?:[^"\\]|\\[\s\S])*)"|'([^']*)'|`([^`]*)`|([^\n#]*))?[^\n]*$/gm;

/** `util.parseEnv`: the dotenv format. */
export function parseEnv(content: string): Record<string, string> {
  validateString(content, "content");
  const values: Record<string, string> = {};
  for (const [, name = "", double, single, tick, plain] of content
    .replaceAll("\r\n", "\n")
    .matchAll(line)) {
    values[name] =
      double?.replaceAll(String.raw`\n`, "\n") ?? single ?? tick ?? (plain ?? "").trim();
  }
  return values;
}
