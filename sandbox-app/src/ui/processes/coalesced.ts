/**
 * Does the work a little after it was asked for, once for all who ask in the meantime, and never
 * twice at a time.
 *
 * @param work never rejects
 */
export function coalesced(work: () => Promise<void>, delayMs: number): () => void {
  let state: "idle" | "waiting" | "working" | "wanted_again" = "idle";
  const begin = (): void => {
    state = "waiting";
    setTimeout(() => void run(), delayMs);
  };
  const run = async (): Promise<void> => {
    state = "working";
    await work();
    if (isWantedAgain()) begin();
    else state = "idle";
  };
  const isWantedAgain = (): boolean => state === "wanted_again";
  return () => {
    if (state === "idle") begin();
    else if (state === "working") state = "wanted_again";
  };
}
