import type { EdgeOperationName, Handlers } from "#protocol/registry.ts";
import { containerStatus } from "./container-status.ts";
import type { EdgeContext } from "./context.ts";
import { waitFor } from "./wait-for.ts";

/** The operations that the worker answers alone. */
export const edgeHandlers: Handlers<EdgeOperationName, EdgeContext> = {
  container_status: (_input, context) => containerStatus(context),
  wait_for: waitFor,
};
