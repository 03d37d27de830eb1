import { DiscoError } from "#protocol/errors.ts";
import { type DeployedConfig, type LocalConfig, describeUnconfigured } from "../config.ts";
import type { AppContext } from "./app-env.ts";

/**
 * The configuration, for routes that act for a user.
 *
 * @throws DiscoError `not_configured`, with the names of what to set
 */
export function servingConfig(context: AppContext): LocalConfig | DeployedConfig {
  const config = context.get("config");
  if (config.mode !== "unconfigured") return config;
  throw new DiscoError("not_configured", describeUnconfigured(config), {
    details: {
      missing: [...config.missing],
      wrong: config.problems.map(({ variable }) => variable),
    },
  });
}
