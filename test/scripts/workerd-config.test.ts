import { expect, it } from "vitest";
import { workerdConfig } from "#scripts/disco/workerd/workerd-config.ts";

const setup = {
  ip: "127.0.0.1",
  port: 8787,
  script: "index.js",
  assetsScript: "assets.js",
  files: "/built",
  storage: "/kept",
  name: "disco",
  compatibilityDate: "2026-10-23",
  compatibilityFlags: ["a_flag"],
  objects: { RELAY: "ContainerRelay" },
  variables: { SECRET: "SECRET" },
  certificates: [],
};

it("names objects as wrangler's storage does, and variables without their values", () => {
  const config = workerdConfig(setup);
  expect(config).toContain('uniqueKey = "disco-ContainerRelay", enableSql = true');
  expect(config).toContain('(name = "SECRET", fromEnvironment = "SECRET")');
  expect(config).toContain('address = "127.0.0.1:8787"');
});

it("lets no path end its own string", () => {
  const files = 'a "quoted"\\place\u0007, (evil = true)';
  expect(workerdConfig({ ...setup, files })).toContain(
    String.raw`path = "a \"quoted\"\\place\x07, (evil = true)"`,
  );
});
