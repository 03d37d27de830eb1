/** A value, or one that has to be waited for: only what reads or runs something is. */
export type Maybe<Result> = Result | Promise<Result>;

export function chain<From, To>(value: Maybe<From>, use: (value: From) => Maybe<To>): Maybe<To> {
  return value instanceof Promise ? value.then(use) : use(value);
}
