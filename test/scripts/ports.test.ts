import { once } from "node:events";
import { type AddressInfo, type Server, createServer } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { ExpectedError } from "#scripts/disco/expected-error.ts";
import { DEFAULT_PORT, chooseAddress } from "#scripts/disco/ports.ts";

const servers: Server[] = [];

async function occupy(port: number): Promise<number> {
  const server = createServer();
  servers.push(server);
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

describe("chooseAddress", () => {
  it("takes any free port for 0", async () => {
    const { port } = await chooseAddress(0);
    expect(port).toBeGreaterThan(0);
    expect(await occupy(port)).toBe(port);
  });

  it("takes the port it is told", async () => {
    const { port } = await chooseAddress(0);
    expect(await chooseAddress(port)).toMatchObject({ port });
  });

  it("refuses a taken port by name", async () => {
    const port = await occupy(0);
    await expect(chooseAddress(port)).rejects.toThrow(
      new ExpectedError(`Port ${port} is taken. Name another one, or leave --port out.`),
    );
  });

  it("goes on from the usual port when nothing is said", async () => {
    const first = await chooseAddress(undefined);
    expect(first.port).toBeGreaterThanOrEqual(DEFAULT_PORT);
    await occupy(first.port);
    const second = await chooseAddress(undefined);
    expect(second.port).toBeGreaterThan(first.port);
  });
});
