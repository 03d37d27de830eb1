import { describe, expect, it } from "vitest";
import { describeUnconfigured, parseConfig, type UnconfiguredConfig } from "#worker/config.ts";

const secret = "0123456789abcdef0123456789abcdef";
const deployment = {
  DISCO_ORIGIN: "https://disco.example",
  DISCO_RUNTIME_ORIGIN: "https://runtime.disco.example",
  DISCO_SECRET: secret,
  GITHUB_CLIENT_ID: "id",
  GITHUB_CLIENT_SECRET: "github secret",
  UPSTASH_REDIS_REST_URL: "https://redis.example",
  UPSTASH_REDIS_REST_TOKEN: "redis token",
};

const forges = ["github.com", "gitlab.com", "bitbucket.org", "codeberg.org"];
const local = {
  mode: "local",
  secret,
  ports: null,
  registry: null,
  oauthClients: [],
  gitHosts: forges,
};

function unconfigured(environment: object): UnconfiguredConfig {
  const config = parseConfig(environment);
  if (config.mode !== "unconfigured") throw new Error(`It is ${config.mode}.`);
  return config;
}

describe("parseConfig", () => {
  it("is local with nothing but the local secret", () => {
    const bindings = { ASSETS: {}, DISCO_LOCAL_SECRET: secret };
    expect(parseConfig(bindings)).toEqual(local);
  });

  it("takes the port that is served from the environment, when it is a port", () => {
    const port = (text: string) => ({ DISCO_LOCAL_SECRET: secret, DISCO_LOCAL_PORT: text });
    const rest = local;
    expect(parseConfig(port("8787"))).toEqual({ ...rest, port: 8_787 });
    expect(parseConfig(port(""))).toEqual(rest);
    for (const text of ["0", "65536", "80.5", "http"]) {
      expect(unconfigured(port(text)).problems, text).toEqual([
        { variable: "DISCO_LOCAL_PORT", problem: "must be a port from 1 to 65535" },
      ]);
    }
  });

  it("is deployed with all variables, whatever the local secret says", () => {
    expect(parseConfig({ ...deployment, DISCO_LOCAL_SECRET: "short" })).toEqual({
      mode: "deployed",
      secret,
      previousSecret: null,
      origin: "https://disco.example",
      runtimeOrigin: "https://runtime.disco.example",
      previewOrigin: "https://runtime.disco.example",
      github: {
        clientId: "id",
        clientSecret: "github secret",
        origin: "https://github.com",
        api: "https://api.github.com",
      },
      redis: { url: "https://redis.example", token: "redis token" },
      registry: null,
      oauthClients: [],
      gitHosts: forges,
    });
  });

  it("takes the hosts that git may read from the environment, and none of them as well", () => {
    const hosts = (text: string) => ({ DISCO_LOCAL_SECRET: secret, DISCO_GIT_HOSTS: text });
    const named = parseConfig(hosts("git.example.com, forge.example.org"));
    expect(named).toMatchObject({ gitHosts: ["git.example.com", "forge.example.org"] });
    expect(parseConfig(hosts("none"))).toMatchObject({ gitHosts: [] });
    for (const text of ["https://github.com", "github.com/x", "*.example.com", "localhost"]) {
      expect(unconfigured(hosts(text)).problems, text).toEqual([
        {
          variable: "DISCO_GIT_HOSTS",
          problem: "must be names of hosts between commas, or none",
        },
      ]);
    }
  });

  it("is unconfigured without anything, and names every variable of a deployment", () => {
    expect(unconfigured({}).missing).toEqual(Object.keys(deployment));
  });

  it.each(Object.keys(deployment))("is neither local nor deployed with %s alone", (name) => {
    const value = deployment[name as keyof typeof deployment];
    const { missing, problems } = unconfigured({ [name]: value, DISCO_LOCAL_SECRET: secret });
    expect(missing).toEqual(Object.keys(deployment).filter((other) => other !== name));
    expect(problems).toEqual([]);
  });

  it("takes an empty variable for one that is not set", () => {
    expect(parseConfig({ DISCO_ORIGIN: "", DISCO_LOCAL_SECRET: secret }).mode).toBe("local");
    expect(unconfigured({ ...deployment, DISCO_SECRET: "" }).missing).toEqual(["DISCO_SECRET"]);
  });

  it.each([
    ["DISCO_ORIGIN", "http://disco.example", "must be an https origin"],
    ["DISCO_ORIGIN", "https://disco.example/", "must be an origin only"],
    ["DISCO_RUNTIME_ORIGIN", "disco", "must be an https origin"],
    ["DISCO_RUNTIME_ORIGIN", "https://disco.example", "must be another host than DISCO_ORIGIN"],
    ["DISCO_SECRET", "0123456789abcdef0123456789abcde", "at least 32 bytes"],
    ["UPSTASH_REDIS_REST_URL", "redis", "must be a URL"],
  ])("refuses %s = %s", (variable, value, problem) => {
    const config = unconfigured({ ...deployment, [variable]: value });
    expect(config.missing).toEqual([]);
    expect(config.problems).toEqual([{ variable, problem: expect.stringContaining(problem) }]);
  });

  it("takes clients that need not register, and another GitHub", () => {
    const clients = [{ client_id: "a", client_name: "A", redirect_uris: ["https://a.example/cb"] }];
    const config = parseConfig({
      ...deployment,
      DISCO_OAUTH_CLIENTS: JSON.stringify(clients),
      GITHUB_ORIGIN: "https://github.example",
      GITHUB_API_URL: "https://github.example/api/v3",
    });
    expect(config).toMatchObject({
      oauthClients: clients,
      github: { origin: "https://github.example", api: "https://github.example/api/v3" },
    });
  });

  it.each([
    ["DISCO_OAUTH_CLIENTS", "a", "must be a JSON array"],
    ["DISCO_OAUTH_CLIENTS", '[{"client_id":"a"}]', "client_name"],
    ["DISCO_OAUTH_CLIENTS", '[{"client_id":"https://a.example/b"}]', "must be letters"],
    [
      "DISCO_OAUTH_CLIENTS",
      '[{"client_id":"a","client_name":"A","redirect_uris":["https://a"],"client_secret":"short"}]',
      "at least 32 characters",
    ],
    ["GITHUB_ORIGIN", "http://github.example", "must be an https URL"],
    ["GITHUB_ORIGIN", "https://github.example/", "without a trailing slash"],
    ["GITHUB_API_URL", "github.example", "must be an https URL"],
  ])("refuses %s = %s, without telling it", (variable, value, problem) => {
    const config = unconfigured({ ...deployment, [variable]: value });
    expect(config.problems).toEqual([{ variable, problem: expect.stringContaining(problem) }]);
    expect(describeUnconfigured(config)).not.toContain('"short"');
  });

  it.each([{ DISCO_LOCAL_SECRET: secret }, deployment])(
    "takes a registry beside either mode, and keeps its final slash",
    (environment) => {
      const config = parseConfig({
        ...environment,
        DISCO_REGISTRY_URL: "https://npm.example/base",
      });
      expect(config).toMatchObject({ registry: "https://npm.example/base/" });
    },
  );

  it.each([
    ["npm.example", "must be an http or https URL"],
    ["ftp://npm.example", "must be an http or https URL"],
    ["https://me:secret@npm.example", "must not hold credentials"],
    ["https://npm.example/?a", "must have no query"],
  ])("refuses the registry %s", (value, problem) => {
    const config = unconfigured({ DISCO_LOCAL_SECRET: secret, DISCO_REGISTRY_URL: value });
    expect(config.problems).toEqual([
      { variable: "DISCO_REGISTRY_URL", problem: expect.stringContaining(problem) },
    ]);
    expect(describeUnconfigured(config)).not.toContain("me:secret");
  });

  it("counts the secret in bytes", () => {
    expect(parseConfig({ DISCO_LOCAL_SECRET: "é".repeat(16) }).mode).toBe("local");
    expect(unconfigured({ DISCO_LOCAL_SECRET: "é".repeat(15) }).problems).toHaveLength(1);
  });
});

describe("describeUnconfigured", () => {
  it("names what is missing or wrong and never a value", () => {
    const text = describeUnconfigured(
      unconfigured({ DISCO_SECRET: "hunter2", GITHUB_CLIENT_ID: "my id" }),
    );
    expect(text).toContain("Missing: DISCO_ORIGIN, ");
    expect(text).toContain("DISCO_SECRET must be at least 32 bytes long.");
    expect(text).not.toContain("hunter2");
    expect(text).not.toContain("my id");
  });

  it("takes a rule for the origins of previews", () => {
    const DISCO_PREVIEW_ORIGIN = "https://p{port}.disco.example";
    expect(parseConfig({ ...deployment, DISCO_PREVIEW_ORIGIN })).toMatchObject({
      previewOrigin: DISCO_PREVIEW_ORIGIN,
    });
  });

  it.each([
    "https://p.disco.example",
    "https://{port}",
    "https://disco.example/{port}",
    "https://x.p{port}.disco.example",
    "https://a.{port}.disco.example",
    "http://p{port}.disco.example",
    "https://p{port}.disco.example/",
    "https://p{port}{port}.disco.example",
  ])("refuses DISCO_PREVIEW_ORIGIN = %s", (DISCO_PREVIEW_ORIGIN) => {
    const { problems } = unconfigured({ ...deployment, DISCO_PREVIEW_ORIGIN });
    expect(problems).toMatchObject([{ variable: "DISCO_PREVIEW_ORIGIN" }]);
  });

  it("refuses a rule for previews that makes the app's or the runtime's host", () => {
    const { problems } = unconfigured({
      ...deployment,
      DISCO_RUNTIME_ORIGIN: "https://p1.disco.example",
      DISCO_PREVIEW_ORIGIN: "https://p{port}.disco.example",
    });
    expect(problems).toEqual([
      { variable: "DISCO_PREVIEW_ORIGIN", problem: expect.stringContaining("no host") },
    ]);
  });

  it("takes two ports of this machine in local mode", () => {
    const environment = { DISCO_LOCAL_SECRET: secret, DISCO_LOCAL_PORTS: "8787,8788" };
    expect(parseConfig(environment)).toMatchObject({ ports: { app: 8787, runtime: 8788 } });
    expect(unconfigured({ ...environment, DISCO_LOCAL_PORTS: "8787" }).problems).toMatchObject([
      { variable: "DISCO_LOCAL_PORTS" },
    ]);
  });
});
