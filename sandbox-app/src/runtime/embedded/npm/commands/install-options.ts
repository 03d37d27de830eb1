import type { NpmContext } from "../cli/context.ts";
import type { InstallOptions } from "../install/install.ts";

type Omitted = "dev" | "optional" | "peer";
const OMITTABLE: readonly Omitted[] = ["dev", "optional", "peer"];

/** What npm's flags say about an install (npm, config). */
export function installOptions({ config, env }: NpmContext): InstallOptions {
  return {
    frozen: false,
    update: new Set(),
    save: config.is("save"),
    packageLock: config.is("package-lock"),
    lockOnly: config.is("package-lock-only"),
    dryRun: config.is("dry-run"),
    legacyPeers: config.is("legacy-peer-deps"),
    force: config.is("force"),
    omit: omitted(config.all("omit"), config.all("include"), env["NODE_ENV"]),
  };
}

function omitted(
  omit: readonly string[],
  include: readonly string[],
  nodeEnv: string | undefined,
): ReadonlySet<Omitted> {
  const said = omit.length === 0 && nodeEnv === "production" ? ["dev"] : omit;
  return new Set(OMITTABLE.filter((kind) => said.includes(kind) && !include.includes(kind)));
}
