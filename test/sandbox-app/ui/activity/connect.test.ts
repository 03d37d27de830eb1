import { describe, expect, it } from "vitest";
import { guides } from "#sandbox/ui/activity/connect.ts";
import { config } from "../support/scripted-tab.ts";

const container = { id: "container-1", name: "box" };

describe("how a client is connected", () => {
  it("gives commands with the deployment's own URLs and never a token", () => {
    const all = guides(config, container);
    const commands = all.map(({ command }) => command ?? "").join("\n");
    expect(commands).toContain(`claude mcp add --transport http disco ${config.mcp_url}`);
    expect(commands).toContain(`${config.api_url}/terminal/container-1/execute`);
    expect(commands).toContain("Bearer $DISCO_TOKEN");
  });

  it("does not promise that ChatGPT reaches a local address", () => {
    const chatgpt = guides(config, container).find(({ id }) => id === "chatgpt");
    expect(chatgpt?.steps.join(" ")).toContain("needs a deployed Disco");
    const deployed = guides({ ...config, local: false }, container);
    expect(deployed.find(({ id }) => id === "chatgpt")?.steps.join(" ")).toContain("Paste the MCP");
  });
});
