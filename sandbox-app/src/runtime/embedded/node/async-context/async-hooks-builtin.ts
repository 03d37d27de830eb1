import type { AsyncContext } from "./async-context.ts";
import { createAsyncLocalStorage, createAsyncResource } from "./async-local-storage.ts";

/**
 * `node:async_hooks`. Contexts are real; hooks are accepted and never called, since the browser tells
 * nothing of its promises.
 */
export function asyncHooksBuiltin(context: AsyncContext, global: typeof globalThis): object {
  let lastId = 1;
  const hook = {
    enable: () => hook,
    disable: () => hook,
  };
  return {
    AsyncLocalStorage: createAsyncLocalStorage(context, global),
    AsyncResource: createAsyncResource(context, () => ++lastId),
    createHook: () => hook,
    executionAsyncId: () => 1,
    triggerAsyncId: () => 0,
    executionAsyncResource: () => ({}),
    asyncWrapProviders: Object.freeze(Object.create(null)),
  };
}
