/** A database that does not open within this is held by a tab that hangs, or is broken. */
const OPEN_TIMEOUT_MS = 8_000;

/** Opens an IndexedDB database with these object stores. */
export async function openDatabase(name: string, stores: readonly string[]): Promise<IDBDatabase> {
  const request = indexedDB.open(name, 1);
  request.addEventListener("upgradeneeded", () => {
    for (const store of stores) request.result.createObjectStore(store);
  });
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => reject(new Error("The browser's database does not open.")),
    OPEN_TIMEOUT_MS,
  );
  try {
    return await Promise.race([settled(request), promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** Deletes a database, as soon as nobody has it open any more; that is not waited for. */
export async function deleteDatabase(name: string): Promise<void> {
  const request = indexedDB.deleteDatabase(name);
  const blocked = new Promise<void>((resolve) =>
    request.addEventListener("blocked", () => resolve()),
  );
  await Promise.race([settled(request), blocked]);
}

export function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.addEventListener("success", () => resolve(request.result));
    request.addEventListener("error", () => reject(failure(request.error)));
  });
}

/** Resolves when the transaction is committed, rejects when nothing of it was. */
export function committed(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.addEventListener("complete", () => resolve());
    transaction.addEventListener("abort", () => reject(failure(transaction.error)));
  });
}

function failure(error: DOMException | null): Error {
  return error ?? new Error("The browser's database gave up.");
}
