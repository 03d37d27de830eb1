import { callError } from "../file-errors.ts";
import { terminalOf } from "../open/open-path.ts";
import { sizeOf } from "./arguments.ts";
import type { CallHandlers } from "./handlers.ts";

type TerminalCalls = Pick<CallHandlers, "terminalSize" | "terminalMode" | "foregroundGroup">;

/** Calls on terminals. */
export function terminalCalls(): TerminalCalls {
  return {
    terminalSize: ({ descriptors }, fd) => descriptors.get(fd, "ioctl").terminal?.size ?? null,
    terminalMode: (process, fd, mode) => {
      if (mode !== "raw" && mode !== "cooked") throw callError("EINVAL", "ioctl");
      terminalOf(process, fd, "ioctl").mode = mode;
    },
    foregroundGroup: (process, fd, group) => {
      terminalOf(process, fd, "tcsetpgrp").foreground = sizeOf(group, "tcsetpgrp");
    },
  };
}
