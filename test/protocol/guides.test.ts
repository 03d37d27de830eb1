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
    expect(commands).toHaveLength(2);
    expect(commands.join("\n")).toContain(
      `claude mcp add --transport http disco ${service.mcpUrl}`,
    );
    expect(commands.join("\n")).toContain(`${service.apiUrl}/terminal/current/execute`);
    for (const command of commands) expect(command).toContain("Bearer $DISCO_TOKEN");
  });

  it("gives the commands that the README gives", () => {
    for (const command of commands) expect(readText("README.md")).toContain(command);
  });

  it.each([true, false])("promises nothing to ChatGPT that is not built (local: %s)", (local) => {
    const chatgpt = clientGuides({ ...service, local }).find(({ id }) => id === "chatgpt");
    const steps = chatgpt?.steps.join(" ") ?? "";
    expect(steps).toContain("a deployment with sign-in, which is not built yet");
    expect(steps.includes("cannot reach this machine")).toBe(local);
    expect(chatgpt?.command).toBeNull();
  });
});
