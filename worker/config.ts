import * as z from "zod";
import { PORT_PLACEHOLDER, previewPort } from "#protocol/previews.ts";
import { registryUrl } from "./registry/registry-url.ts";
import { parseStaticClients, type StaticClient } from "./static-clients.ts";

/** As long as the keys that are derived from it: shorter secrets can be guessed from one token. */
const SECRET_MIN_BYTES = 32;

export interface LocalConfig {
  readonly mode: "local";
  readonly secret: string;
  /** Port that is served; undefined: whichever a request names. `npm start` always tells it. */
  readonly port?: number;
  /** Two ports of localhost, for browsers that do not resolve the names below it. */
  readonly ports: { readonly app: number; readonly runtime: number } | null;
  /** Base URL of the registry that packages come from; null: the container installs none. */
  readonly registry: string | null;
  /** OAuth clients that need not register. */
  readonly oauthClients: readonly StaticClient[];
  /** Hosts whose repositories git may read without the person's word. */
  readonly gitHosts: readonly string[];
}

export interface DeployedConfig {
  readonly mode: "deployed";
  /** Signs and seals. */
  readonly secret: string;
  /** The secret before the last rotation: what it signed counts until it expires; null: none. */
  readonly previousSecret: string | null;
  /** Origin of page, API, MCP and docs. */
  readonly origin: string;
  /** Origin that runs the users' programs; another host, so that it shares nothing with the page. */
  readonly runtimeOrigin: string;
  /** The rule for the origins of previews (protocol/previews.ts); the runtime's, when not set. */
  readonly previewOrigin: string;
  readonly github: GithubConfig;
  readonly redis: { readonly url: string; readonly token: string };
  /** As in local mode. */
  readonly registry: string | null;
  readonly oauthClients: readonly StaticClient[];
  readonly gitHosts: readonly string[];
}

/** The OAuth app of this deployment, and which GitHub it is registered at. */
export interface GithubConfig {
  readonly clientId: string;
  readonly clientSecret: string;
  /** Where people sign in; another one than github.com for GitHub Enterprise Server. */
  readonly origin: string;
  /** Base URL of the REST API. */
  readonly api: string;
}

/** Nothing that acts for a user is served; names and reasons are told, values never. */
export interface UnconfiguredConfig {
  readonly mode: "unconfigured";
  readonly missing: readonly string[];
  readonly problems: readonly { readonly variable: string; readonly problem: string }[];
}

export type Config = LocalConfig | DeployedConfig | UnconfiguredConfig;

const secret = z
  .string()
  .refine((value) => new TextEncoder().encode(value).length >= SECRET_MIN_BYTES, {
    error: `must be at least ${SECRET_MIN_BYTES} bytes long`,
  });

const httpsOrigin = z
  .string()
  .refine((value) => URL.canParse(value) && new URL(value).protocol === "https:", {
    error: "must be an https origin",
    abort: true,
  })
  .refine((value) => new URL(value).origin === value, {
    error: "must be an origin only: no path, no trailing slash",
  });

const text = z.string().trim().min(1, { error: "must not be empty" });

const deployedVariables = z.object({
  DISCO_ORIGIN: httpsOrigin,
  DISCO_RUNTIME_ORIGIN: httpsOrigin,
  DISCO_SECRET: secret,
  GITHUB_CLIENT_ID: text,
  GITHUB_CLIENT_SECRET: text,
  UPSTASH_REDIS_REST_URL: z.url({ protocol: /^https?$/, error: "must be a URL" }),
  UPSTASH_REDIS_REST_TOKEN: text,
});

const PORT_MAX = 65_535;

const deployedNames = Object.keys(deployedVariables.shape);

/** The port stands alone in the first label: a certificate for `*.example.com` covers one level. */
const previewRule = z
  .string()
  .regex(/^https:\/\/[a-z0-9-]*\{port\}[a-z0-9-]*(\.[a-z0-9-]+)+(:\d+)?$/, {
    error: `must be an https origin with ${PORT_PLACEHOLDER} in its first label`,
  });

const port = z
  .string()
  .refine((value) => /^\d+$/.test(value) && Number(value) >= 1 && Number(value) <= PORT_MAX, {
    error: `must be a port from 1 to ${PORT_MAX}`,
  })
  .transform(Number);

const portPair = z
  .string()
  .regex(/^[1-9]\d{0,4},[1-9]\d{0,4}$/, { error: "must be two ports, as 8787,8788" })
  .transform((pair) => {
    const [app = 0, runtime = 0] = pair.split(",").map(Number);
    return { app, runtime };
  });

/** Http is for a stand-in on this machine; what goes there is the secret of the OAuth app. */
const githubUrl = z
  .string()
  .refine((value) => /^(https:\/\/|http:\/\/(localhost|127\.0\.0\.1):)/.test(value), {
    error: "must be an https URL",
    abort: true,
  })
  .refine((value) => URL.canParse(value) && !value.endsWith("/"), {
    error: "must be a URL without a trailing slash",
  });

/** The public forges that most clone URLs name. */
const PUBLIC_FORGES = ["github.com", "gitlab.com", "bitbucket.org", "codeberg.org"];

/** Names between commas; `none` leaves every host to the person. */
const gitHostList = z
  .string()
  .transform((list) => (list.trim() === "none" ? [] : list.split(",").map((name) => name.trim())))
  .refine((names) => names.every((name) => /^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/.test(name)), {
    error: "must be names of hosts between commas, or none",
  });

/** These go with their mode, or with both, and decide none. */
const optionalVariables = z.object({
  DISCO_SECRET_PREVIOUS: secret.optional(),
  DISCO_REGISTRY_URL: registryUrl.optional(),
  DISCO_GIT_HOSTS: gitHostList.default(PUBLIC_FORGES),
  DISCO_PREVIEW_ORIGIN: previewRule.optional(),
  DISCO_LOCAL_PORT: port.optional(),
  DISCO_LOCAL_PORTS: portPair.optional(),
  DISCO_OAUTH_CLIENTS: z.string().transform(parseStaticClients).optional(),
  GITHUB_ORIGIN: githubUrl.optional(),
  GITHUB_API_URL: githubUrl.optional(),
});
type Optional = z.output<typeof optionalVariables>;

/**
 * Decides from the environment how this worker serves.
 *
 * As soon as one variable of a deployment is set, local mode is off: a half-configured deployment
 * must never fall back to the rules of one person's machine.
 *
 * @param environment the worker's `env`; other bindings in it are ignored
 */
export function parseConfig(environment: object): Config {
  const variables = environment as Record<string, unknown>;
  const isSet = (name: string): boolean => variables[name] !== undefined && variables[name] !== "";
  const given = Object.entries(variables).filter(([name]) => isSet(name));
  const optional = optionalVariables.safeParse(Object.fromEntries(given));
  if (!optional.success) return refused(problemsOf(optional.error));
  if (deployedNames.some(isSet)) return parseDeployed(variables, isSet, optional.data);
  if (!isSet("DISCO_LOCAL_SECRET")) return refused([], deployedNames);
  const parsed = secret.safeParse(variables["DISCO_LOCAL_SECRET"]);
  if (!parsed.success) {
    return refused([{ variable: "DISCO_LOCAL_SECRET", problem: firstProblem(parsed.error) }]);
  }
  const { DISCO_REGISTRY_URL: registry = null, DISCO_LOCAL_PORTS: ports = null } = optional.data;
  const { DISCO_LOCAL_PORT: served, DISCO_OAUTH_CLIENTS: oauthClients = [] } = optional.data;
  const { DISCO_GIT_HOSTS: gitHosts } = optional.data;
  const shared = { registry, oauthClients, gitHosts };
  const config = { mode: "local", secret: parsed.data, ports, ...shared } as const;
  return served === undefined ? config : { ...config, port: served };
}

function parseDeployed(
  variables: Record<string, unknown>,
  isSet: (name: string) => boolean,
  optional: Optional,
): DeployedConfig | UnconfiguredConfig {
  const parsed = deployedVariables.safeParse(variables);
  if (!parsed.success) {
    return refused(
      problemsOf(parsed.error).filter(({ variable }) => isSet(variable)),
      deployedNames.filter((name) => !isSet(name)),
    );
  }
  const values = parsed.data;
  const previousSecret = optional.DISCO_SECRET_PREVIOUS ?? null;
  if (previousSecret === values.DISCO_SECRET) {
    const problem = "must be another secret than DISCO_SECRET";
    return refused([{ variable: "DISCO_SECRET_PREVIOUS", problem }]);
  }
  const app = new URL(values.DISCO_ORIGIN).host;
  const runtime = new URL(values.DISCO_RUNTIME_ORIGIN).host;
  if (app === runtime) {
    const problem = "must be another host than DISCO_ORIGIN";
    return refused([{ variable: "DISCO_RUNTIME_ORIGIN", problem }]);
  }
  const previews = optional.DISCO_PREVIEW_ORIGIN ?? values.DISCO_RUNTIME_ORIGIN;
  if ([app, runtime].some((host) => previewPort(previews, host) !== null)) {
    const problem = "must make no host that is DISCO_ORIGIN's or DISCO_RUNTIME_ORIGIN's";
    return refused([{ variable: "DISCO_PREVIEW_ORIGIN", problem }]);
  }
  return {
    mode: "deployed",
    secret: values.DISCO_SECRET,
    previousSecret,
    origin: values.DISCO_ORIGIN,
    runtimeOrigin: values.DISCO_RUNTIME_ORIGIN,
    previewOrigin: previews,
    github: {
      clientId: values.GITHUB_CLIENT_ID,
      clientSecret: values.GITHUB_CLIENT_SECRET,
      origin: optional.GITHUB_ORIGIN ?? "https://github.com",
      api: optional.GITHUB_API_URL ?? "https://api.github.com",
    },
    redis: { url: values.UPSTASH_REDIS_REST_URL, token: values.UPSTASH_REDIS_REST_TOKEN },
    registry: optional.DISCO_REGISTRY_URL ?? null,
    oauthClients: optional.DISCO_OAUTH_CLIENTS ?? [],
    gitHosts: optional.DISCO_GIT_HOSTS,
  };
}

function refused(
  problems: UnconfiguredConfig["problems"],
  missing: readonly string[] = [],
): UnconfiguredConfig {
  return { mode: "unconfigured", missing, problems };
}

function problemsOf(error: z.ZodError): UnconfiguredConfig["problems"] {
  return error.issues.map(({ path, message }) => ({ variable: String(path[0]), problem: message }));
}

function firstProblem(error: z.ZodError): string {
  return error.issues[0]?.message ?? "is not valid";
}

/** One sentence that names every variable to set or correct. */
export function describeUnconfigured(config: UnconfiguredConfig): string {
  const missing = config.missing.length > 0 ? [`Missing: ${config.missing.join(", ")}.`] : [];
  const wrong = config.problems.map(({ variable, problem }) => `${variable} ${problem}.`);
  return [...missing, ...wrong].join(" ");
}

const parsedConfigs = new WeakMap<object, Config>();

/** The configuration of this environment, parsed once. */
export function configOf(environment: object): Config {
  let config = parsedConfigs.get(environment);
  if (config === undefined) {
    config = parseConfig(environment);
    parsedConfigs.set(environment, config);
  }
  return config;
}
