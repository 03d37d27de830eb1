/** The generator that a transformed source is. */
export type ModuleBody =
  | Generator<unknown, unknown, unknown>
  | AsyncGenerator<unknown, unknown, unknown>;

/** Runs a body from its first step on; a promise when it waits for something. */
export function runBody(body: ModuleBody, hasAwait: boolean): Promise<void> | null {
  if (Symbol.asyncIterator in body) return body.next().then(() => undefined);
  if (!hasAwait) {
    body.next();
    return null;
  }
  const finished = Promise.withResolvers<void>();
  const step = (go: () => IteratorResult<unknown, unknown>): void => {
    try {
      const { done, value } = go();
      if (done === true) {
        finished.resolve();
        return;
      }
      // What is awaited is a promise already or becomes one, as the Await operation does it.
      Promise.resolve(value).then(
        (result) => step(() => body.next(result)),
        (error: unknown) => step(() => body.throw(error)),
      );
    } catch (error) {
      finished.reject(error);
    }
  };
  step(() => body.next());
  return finished.promise;
}
