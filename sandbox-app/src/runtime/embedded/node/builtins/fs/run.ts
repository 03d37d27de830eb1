import type {
  System,
  SystemCallArguments,
  SystemCallName,
  SystemCallResult,
} from "../../../kernel/system-calls.ts";
import { codeOf, systemError } from "../errors/system-error.ts";

/** One system call, with the words for its failure. */
interface Request {
  readonly name: SystemCallName;
  readonly args: readonly unknown[];
  readonly syscall: string;
  readonly path?: string | undefined;
  readonly dest?: string | undefined;
}

/**
 * An operation of `fs` as a series of system calls. It is written once as a generator; the sync face
 * answers each call by blocking, the callback and promise faces by waiting.
 */
export type Operation<T> = Generator<Request, T, unknown>;

/** Words for a failed call where they differ from the call: Node's `syscall`, and the guest's paths. */
export interface CallWords {
  readonly syscall?: string;
  readonly path?: string;
  readonly dest?: string;
}

export function* call<Name extends SystemCallName>(
  name: Name,
  args: SystemCallArguments<Name>,
  words: CallWords = {},
): Operation<SystemCallResult<Name>> {
  const request = {
    name,
    args,
    syscall: words.syscall ?? name,
    path: words.path,
    dest: words.dest,
  };
  return (yield request) as SystemCallResult<Name>;
}

function failure(request: Request, error: unknown): Error {
  return systemError({ ...request, code: codeOf(error) });
}

export function runSync<T>(system: System, operation: Operation<T>): T {
  let step = operation.next();
  while (step.done !== true) {
    const request = step.value;
    let answer: unknown;
    try {
      answer = system.callSync(request.name, ...(request.args as never));
    } catch (error) {
      step = operation.throw(failure(request, error));
      continue;
    }
    step = operation.next(answer);
  }
  return step.value;
}

/** Runs up to the first call at once, so that bad arguments throw where the guest called. */
export function startAsync<T>(system: System, operation: Operation<T>): Promise<T> {
  const first = operation.next();
  return first.done === true ? Promise.resolve(first.value) : goOn(system, operation, first.value);
}

async function goOn<T>(system: System, operation: Operation<T>, first: Request): Promise<T> {
  let request = first;
  for (;;) {
    let step: IteratorResult<Request, T>;
    try {
      const answer: unknown = await system.call(request.name, ...(request.args as never));
      step = operation.next(answer);
    } catch (error) {
      if (!(error instanceof Error) || "syscall" in error) throw error;
      step = operation.throw(failure(request, error));
    }
    if (step.done === true) return step.value;
    request = step.value;
  }
}
