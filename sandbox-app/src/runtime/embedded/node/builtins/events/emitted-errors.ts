/** Where an error was emitted that had no listener, as Node tells it below the error itself. */
const notes = new WeakMap<Error, string>();

/** @param emit frames from this function on are left out */
export function noteEmitted(error: Error, emitter: object, emit: NewableFunction | object): void {
  const place: { stack?: string } = {};
  Error.captureStackTrace?.(place, emit as never);
  const name = (emitter.constructor as { name?: string } | undefined)?.name ?? "";
  const on = name === "" || name === "EventEmitter" ? "" : ` on ${name} instance`;
  const frames = (place.stack ?? "").split("\n").slice(1).join("\n");
  if (frames !== "") notes.set(error, `Emitted 'error' event${on} at:\n${frames}`);
}

export function emittedAt(error: Error): string | null {
  return notes.get(error) ?? null;
}
