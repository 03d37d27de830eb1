import type { Agreed, Undone } from "../checkpoints/undo-call.ts";
import type { PageMessage, UndoAnswer } from "./messages.ts";

/** Many files may have to be read and written, and calls that run are waited for. */
const UNDO_TIMEOUT_MS = 60_000;

const NO_ANSWER: Undone = {
  state: "failed",
  message: "The page's worker did not answer in time. A part may be done; see list_checkpoints.",
  redo: null,
};

/** Asks the connection worker to take back what a call has changed. */
export async function askUndo(
  post: (message: PageMessage, transfer: Transferable[]) => void,
  checkpoint: string,
  agreed: Agreed,
): Promise<Undone> {
  const { port1: own, port2: answer } = new MessageChannel();
  const { promise, resolve } = Promise.withResolvers<Undone>();
  own.addEventListener("message", ({ data }: MessageEvent<UndoAnswer>) => resolve(data));
  own.start();
  const timer = setTimeout(() => resolve(NO_ANSWER), UNDO_TIMEOUT_MS);
  post({ type: "undo", checkpoint, agreed, answer }, [answer]);
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    own.close();
  }
}
