/** Asked once in a browser: a second question would only annoy. */
const ASKED_KEY = "disco.storage.asked";

/** Asks when the person first does something: browsers decide, or ask on, only then. */
export function askOnGesture(ask: () => Promise<void>): void {
  if (localStorage.getItem(ASKED_KEY) !== null) return;
  const answered = new AbortController();
  const once = (): void => {
    answered.abort();
    localStorage.setItem(ASKED_KEY, "yes");
    void ask();
  };
  addEventListener("pointerdown", once, { signal: answered.signal });
  addEventListener("keydown", once, { signal: answered.signal });
}
