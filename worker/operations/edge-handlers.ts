import { containerLimits } from "#protocol/operations/container.ts";
import { previewOrigin } from "#protocol/previews.ts";
import type { EdgeOperationName, Handlers, OperationOutput } from "#protocol/registry.ts";
import type { Attachment } from "../relay/link.ts";
import type { EdgeContext } from "./context.ts";
import { waitFor } from "./wait-for.ts";

/** The operations that the worker answers alone. */
export const edgeHandlers: Handlers<EdgeOperationName, EdgeContext> = {
  async container_status(_input, { container, link, openUrl, previews }) {
    const attachment = await link.attachment();
    return {
      container: container.id,
      name: container.name,
      attached: attachment.attached,
      open_url: openUrl,
      limits: containerLimits,
      // The tab tells ports only: which URLs they have is the deployment's to say.
      previews: portsOf(attachment).map((port) => ({
        port,
        url: `${previewOrigin(previews, port)}/`,
      })),
      ...describeState(attachment, openUrl),
    };
  },
  wait_for: waitFor,
};

function portsOf(attachment: Attachment): readonly number[] {
  if (!attachment.attached || attachment.runtime.state !== "ready") return [];
  return attachment.runtime.ports;
}

type State = Pick<OperationOutput<"container_status">, "state" | "detail" | "root" | "runtime">;

function describeState(attachment: Attachment, openUrl: string): State {
  if (!attachment.attached) {
    return {
      state: "waiting_for_tab",
      detail: `No sandbox page is open. Ask the user to open ${openUrl} and leave it open.`,
      root: null,
      runtime: null,
    };
  }
  const { runtime } = attachment;
  switch (runtime.state) {
    case "booting":
      return {
        state: "booting",
        detail: `The container is starting: ${runtime.stage}.`,
        root: null,
        runtime: null,
      };
    case "ready":
      return {
        state: "ready",
        detail: "The container is ready; calls run now.",
        root: runtime.root,
        runtime: runtime.capabilities,
      };
    case "error":
      return {
        state: "error",
        detail: `The container could not start: ${runtime.message}`,
        root: null,
        runtime: null,
      };
  }
}
