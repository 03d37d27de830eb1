import { describe, expect, it } from "vitest";
import { clientGuides } from "#protocol/guides.ts";
import { readText } from "#test/support/repository.ts";

const service = {
  mcpUrl: "http://localhost:8787/mcp",
  apiUrl: "http://localhost:8787/api/v1",
  local: true,
};
const commands = clientGuides(service).flatMap(({ command }) => command ?? []);

describe("how a client is connected", () => {
  it("gives commands with the service's own URLs, and the token by the name of its variable", () => {
    expect(commands).toHaveLength(3);
    expect(commands.join("\n")).toContain(
      `claude mcp add --transport http disco ${service.mcpUrl}`,
    );
    expect(commands.join("\n")).toContain(`${service.apiUrl}/terminal/current/execute`);
    for (const command of commands) {
      expect(command).toMatch(/Bearer \$(DISCO_TOKEN|\{env:DISCO_TOKEN\})"/);
    }
  });

  it("gives the commands that the README gives", () => {
    for (const command of commands) expect(readText("README.md")).toContain(command);
  });

  it("says that ChatGPT cannot reach one's own machine", () => {
    const chatgpt = clientGuides(service).find(({ id }) => id === "chatgpt");
    expect(chatgpt?.steps.join(" ")).toContain("cannot reach this machine");
    expect(chatgpt?.command).toBeNull();
  });

  it("leaves the token of a deployment to the person's yes", () => {
    const deployed = {
      mcpUrl: "https://disco.example/mcp",
      apiUrl: "https://disco.example/api/v1",
    };
    const guides = clientGuides({ ...deployed, local: false });
    const [claude, chatgpt, cursor] = guides;
    expect(claude?.command).toBe(`claude mcp add --transport http disco ${deployed.mcpUrl}`);
    expect(chatgpt?.command).toBe(deployed.mcpUrl);
    expect(JSON.parse(cursor?.command ?? "")).toEqual({
      mcpServers: { disco: { url: deployed.mcpUrl } },
    });
    for (const guide of [claude, chatgpt, cursor])
      expect(guide?.steps.join(" ")).toContain("Say yes");
  });
});
