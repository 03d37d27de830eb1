import * as z from "zod";

/** Shorter secrets can be guessed offline from one token (RFC 7518, section 3.2: HS256 keys). */
const SECRET_MIN_BYTES = 32;

export interface LocalConfig {
  readonly mode: "local";
  readonly secret: string;
  /** Port that is served; undefined: whichever a request names. `npm start` always tells it. */
  readonly port?: number;
}

export interface DeployedConfig {
  readonly mode: "deployed";
  readonly secret: string;
  /** Origin of page, API, MCP and docs. */
  readonly origin: string;
  /** Origin that runs the users' programs; another host, so that it shares nothing with the page. */
  readonly runtimeOrigin: string;
  readonly github: { readonly clientId: string; readonly clientSecret: string };
  readonly redis: { readonly url: string; readonly token: string };
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

const localVariables = z.object({
  DISCO_LOCAL_SECRET: secret,
  DISCO_LOCAL_PORT: z
    .string()
    .refine((port) => /^\d+$/.test(port) && Number(port) >= 1 && Number(port) <= PORT_MAX, {
      error: `must be a port from 1 to ${PORT_MAX}`,
    })
    .transform(Number)
    .optional(),
});

const deployedNames = Object.keys(deployedVariables.shape);

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
  if (deployedNames.some(isSet)) return parseDeployed(variables, isSet);
  if (!isSet("DISCO_LOCAL_SECRET")) {
    return { mode: "unconfigured", missing: deployedNames, problems: [] };
  }
  const port = isSet("DISCO_LOCAL_PORT") ? variables["DISCO_LOCAL_PORT"] : undefined;
  return parseLocal({ ...variables, DISCO_LOCAL_PORT: port });
}

function parseLocal(variables: Record<string, unknown>): LocalConfig | UnconfiguredConfig {
  const parsed = localVariables.safeParse(variables);
  if (!parsed.success) return { mode: "unconfigured", missing: [], problems: problemsOf(parsed) };
  const { DISCO_LOCAL_SECRET, DISCO_LOCAL_PORT } = parsed.data;
  return {
    mode: "local",
    secret: DISCO_LOCAL_SECRET,
    ...(DISCO_LOCAL_PORT !== undefined && { port: DISCO_LOCAL_PORT }),
  };
}

function parseDeployed(
  variables: Record<string, unknown>,
  isSet: (name: string) => boolean,
): DeployedConfig | UnconfiguredConfig {
  const parsed = deployedVariables.safeParse(variables);
  if (!parsed.success) {
    return {
      mode: "unconfigured",
      missing: deployedNames.filter((name) => !isSet(name)),
      problems: problemsOf(parsed).filter(({ variable }) => isSet(variable)),
    };
  }
  const values = parsed.data;
  if (new URL(values.DISCO_ORIGIN).host === new URL(values.DISCO_RUNTIME_ORIGIN).host) {
    const problem = "must be another host than DISCO_ORIGIN";
    return {
      mode: "unconfigured",
      missing: [],
      problems: [{ variable: "DISCO_RUNTIME_ORIGIN", problem }],
    };
  }
  return {
    mode: "deployed",
    secret: values.DISCO_SECRET,
    origin: values.DISCO_ORIGIN,
    runtimeOrigin: values.DISCO_RUNTIME_ORIGIN,
    github: { clientId: values.GITHUB_CLIENT_ID, clientSecret: values.GITHUB_CLIENT_SECRET },
    redis: { url: values.UPSTASH_REDIS_REST_URL, token: values.UPSTASH_REDIS_REST_TOKEN },
  };
}

function problemsOf({ error }: z.ZodSafeParseError<unknown>): UnconfiguredConfig["problems"] {
  return error.issues.map(({ path, message }) => ({ variable: String(path[0]), problem: message }));
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
