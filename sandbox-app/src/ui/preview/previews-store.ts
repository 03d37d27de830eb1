import { defineStore } from "pinia";
import { shallowRef } from "vue";
import type { PortEvent, Runtime } from "../../runtime/runtime.ts";
import { noPreviews, withoutPreview, withPortEvent, withProgram } from "./previews.ts";

/** The container's ports, as the page shows them. */
export const usePreviews = defineStore("previews", () => {
  const previews = shallowRef(noPreviews);

  /** Follows the ports for as long as the runtime lives. */
  function attach(runtime: Runtime): void {
    runtime.onPort((event) => {
      previews.value = withPortEvent(previews.value, event);
      if (event.type === "opened") void nameProgram(runtime, event);
    });
    runtime.onError(() => {
      for (const { port } of previews.value.tabs) {
        previews.value = withPortEvent(previews.value, { type: "closed", port, pid: 0 });
      }
    });
  }

  async function nameProgram(runtime: Runtime, { port, pid }: PortEvent): Promise<void> {
    const running = await runtime.processes().catch(() => []);
    const program = running.find((process) => process.pid === pid);
    if (program === undefined) return;
    previews.value = withProgram(previews.value, port, `${program.argv.join(" ")} (pid ${pid})`);
  }

  return {
    previews,
    attach,
    activate: (port: number) => {
      previews.value = { ...previews.value, active: port };
    },
    close: (port: number) => {
      previews.value = withoutPreview(previews.value, port);
    },
  };
});
