import { styleText } from "node:util";
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
  const header = `--header "Authorization: Bearer $DISCO_TOKEN"`;
  return `
  ${title("Disco is running.")} ${quiet("It serves this machine only. Ctrl-C stops it.")}

  ${title("1. Open the sandbox and leave it open:")}
     ${link(urls.sandboxUrl)}

  ${title("2. Connect a client:")}
     MCP    ${link(urls.mcp)}
     REST   ${link(urls.api)}
     Docs   ${link(docs)}
     Token  ${urls.token}

  ${title("For example:")}
     export DISCO_TOKEN=$(cat ${tokenFile})
     claude mcp add --transport http disco ${urls.mcp} ${header}
     curl ${urls.api}/containers/current ${header}
`;
}
