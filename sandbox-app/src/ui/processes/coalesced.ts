/**
 * Does the work a little after it was asked for, once for all who ask in the meantime, never twice
 * at a time, and with a pause after it.
 *
 * @param work never rejects
 * @param delayMs from the first who asks to the work
 * @param pauseMs from the end of the work to the next
 */
export function coalesced(
  work: () => Promise<void>,
  { delayMs, pauseMs }: { readonly delayMs: number; readonly pauseMs: number },
): () => void {
  let notBefore = 0;
  let state: "idle" | "waiting" | "working" | "wanted_again" = "idle";
  const begin = (): void => {
    state = "waiting";
    setTimeout(() => void run(), Math.max(delayMs, notBefore - performance.now()));
  };
  const run = async (): Promise<void> => {
    state = "working";
    await work();
    notBefore = performance.now() + pauseMs;
    if (isWantedAgain()) begin();
    else state = "idle";
  };
  const isWantedAgain = (): boolean => state === "wanted_again";
  return () => {
    if (state === "idle") begin();
    else if (state === "working") state = "wanted_again";
  };
}
