import type { ToolRows } from "./row.ts";

export const containerRows: ToolRows<"container_status" | "wait_for"> = {
  container_status: {
    happy: { args: {}, gives: { state: "ready", attached: true } },
    edge: {
      "after a change": {
        args: async ({ call }) => {
          await call("write_file", { path: "a", content: "a" });
          return {};
        },
        gives: { recent: [{ summary: "Wrote a" }] },
      },
    },
    bad: { args: { verbose: true }, code: "invalid_input", says: "verbose" },
    tooLarge: "it takes nothing",
    tabGone: { args: {}, gives: { state: "waiting_for_tab", attached: false } },
  },

  wait_for: {
    happy: { args: { id: "tab" }, gives: { state: "ready" } },
    edge: {
      "a program that goes on": {
        args: async ({ call }) => {
          const { process_id: id } = await call("run_command", {
            command: "sleep 30",
            background: true,
          });
          return { id: String(id), timeout_s: 0 };
        },
        gives: { state: "running", result: null },
      },
    },
    bad: { args: { id: "p_0123456789ab" }, code: "process_not_found" },
    tooLarge: { args: { id: "tab", timeout_s: 46 }, code: "invalid_input", says: "timeout_s" },
    cancelled: async ({ call }) => {
      const { process_id: id } = await call("run_command", {
        command: "sleep 30",
        background: true,
      });
      return { id: String(id), timeout_s: 20 };
    },
    tabGone: { args: { id: "tab", timeout_s: 0 }, gives: { state: "waiting_for_tab" } },
  },
};
