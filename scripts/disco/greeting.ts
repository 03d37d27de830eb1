import { styleText } from "node:util";
import { claudeCommand, curlCommand } from "#protocol/guides.ts";
import type { Ready } from "./ready-line.ts";

/**
 * What a person sees when Disco is up.
 *
 * @param tokenFile holds the token, so that the examples stay short and out of the shell's history
 */
export function greeting(urls: Omit<Ready, "container">, tokenFile: string): string {
  const title = (text: string) => styleText("bold", text);
  const link = (text: string) => styleText("cyan", text);
  const quiet = (text: string) => styleText("dim", text);
  const docs = `${new URL(urls.mcp).origin}/docs`;
  const curl = curlCommand(urls.api).replaceAll("\n", "\n     ");
  return `
  ${title("Disco is running.")} ${quiet("It serves this machine only. Ctrl-C stops it.")}

  ${title("1. Open the sandbox and leave it open:")}
     ${link(urls.sandboxUrl)}
     ${quiet("The link signs in one browser, once, within a day; a restart prints a new one.")}

  ${title("2. Connect a client:")}
     MCP    ${link(urls.mcp)}
     REST   ${link(urls.api)}
     Docs   ${link(docs)}
     Token  ${urls.token}

  ${title("For example:")}
     export DISCO_TOKEN=$(cat ${tokenFile})
     ${claudeCommand(urls.mcp)}
     ${curl}
`;
}
