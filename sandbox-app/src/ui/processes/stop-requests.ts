import { ref, type Ref, shallowRef } from "vue";
import type { RunningProcess, Runtime } from "../../runtime/runtime.ts";
import { visibleLine } from "../text/visible.ts";
import { type ProcessRow, settledRequests, type StopRequests } from "./process-rows.ts";

/** What the person asked to end, and what became of it. */
export function useStopRequests(runtime: Readonly<Ref<Runtime | null>>, changed: () => void) {
  const requests = shallowRef<StopRequests>(new Map());
  /** How the last request went. */
  const message = ref<string | null>(null);

  /** Asks a program to end; one that stayed is ended by force. */
  async function stop({ key, pid, command, stage }: ProcessRow): Promise<void> {
    if (stage === "stopping" || stage === "killing") return;
    const isFirst = stage === "stop";
    const signal = isFirst ? "SIGTERM" : "SIGKILL";
    const name = `${command} (pid ${pid})`;
    requests.value = new Map(requests.value).set(key, { signal, at: Date.now(), name });
    message.value = isFirst ? `${name} was asked to stop.` : `${name} is being killed.`;
    try {
      await runtime.value?.signal(pid, signal);
    } catch (error) {
      message.value = visibleLine(error instanceof Error ? error.message : String(error));
    }
    changed();
  }

  function settle(running: readonly RunningProcess[]): void {
    const { open, ended } = settledRequests(requests.value, running);
    requests.value = open;
    if (ended.length > 0) message.value = ended.map((name) => `${name} has ended.`).join(" ");
  }

  return { requests, message, stop, settle };
}
