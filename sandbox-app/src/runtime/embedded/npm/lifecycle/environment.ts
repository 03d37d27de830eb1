import type { NpmContext } from "../cli/context.ts";
import { NODE_VERSION, NPM_VERSION } from "../model/platform.ts";

const USER_AGENT = `npm/${NPM_VERSION} node/v${NODE_VERSION} linux x64 workspaces/false`;

export interface ScriptPlace {
  /** Directory of the package whose script or program runs. */
  readonly directory: string;
  readonly event: string;
  readonly line: string;
  readonly name: string;
  readonly version: string;
}

/** The environment of scripts (npm, scripts, "Environment"). */
export function scriptEnvironment(context: NpmContext, place: ScriptPlace): Record<string, string> {
  const { env, cwd, command } = context;
  return {
    ...env,
    PATH: searchPath(place.directory, env["PATH"] ?? ""),
    INIT_CWD: env["INIT_CWD"] ?? cwd,
    NODE: "/usr/bin/node",
    npm_command: command,
    npm_config_user_agent: USER_AGENT,
    npm_execpath: "/usr/bin/npm",
    npm_node_execpath: "/usr/bin/node",
    npm_lifecycle_event: place.event,
    npm_lifecycle_script: place.line,
    npm_package_json: `${place.directory}/package.json`,
    npm_package_name: place.name,
    npm_package_version: place.version,
    npm_config_local_prefix: place.directory,
  };
}

/** Programs of the package's dependencies first, then those of the directories above it. */
export function searchPath(directory: string, rest: string): string {
  const places: string[] = [];
  for (let at = directory; at !== ""; at = at.slice(0, at.lastIndexOf("/"))) {
    if (!at.endsWith("/node_modules")) places.push(`${at}/node_modules/.bin`);
  }
  return [...places, rest].filter((part) => part !== "").join(":");
}
