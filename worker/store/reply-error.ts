/** A command that Redis refuses, in Redis' own words. */
export class ReplyError extends Error {
  override readonly name = "ReplyError";
}

export const wrongType = (): ReplyError =>
  new ReplyError("WRONGTYPE Operation against a key holding the wrong kind of value");

export const syntaxError = (): ReplyError => new ReplyError("ERR syntax error");

export const notAnInteger = (): ReplyError =>
  new ReplyError("ERR value is not an integer or out of range");

export const wrongNumberOfArguments = (command: string): ReplyError =>
  new ReplyError(`ERR wrong number of arguments for '${command}' command`);
