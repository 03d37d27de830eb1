import { errnoOf, wordsOf } from "./errno.ts";

export interface SystemErrorFields {
  readonly code: string;
  readonly syscall: string;
  readonly path?: string | undefined;
  readonly dest?: string | undefined;
}

export type NodeSystemError = Error & {
  errno: number;
  code: string;
  syscall: string;
  path?: string;
  dest?: string;
};

/** `ENOENT: no such file or directory, open 'x'` with its fields in the order in which Node sets them. */
export function systemError(fields: SystemErrorFields): NodeSystemError {
  const { code, syscall, path, dest } = fields;
  let message = `${code}: ${wordsOf(code)}, ${syscall}`;
  if (path !== undefined) message += ` '${path}'`;
  if (dest !== undefined) message += ` -> '${dest}'`;
  const error = new Error(message) as NodeSystemError;
  error.errno = errnoOf(code);
  error.code = code;
  error.syscall = syscall;
  if (path !== undefined) error.path = path;
  if (dest !== undefined) error.dest = dest;
  return error;
}

/** `connect ECONNREFUSED 127.0.0.1:80`: the wording of `net` and `spawn` errors. */
export function exceptionWithHostPort(
  code: string,
  syscall: string,
  address: string | undefined,
  port?: number,
): NodeSystemError {
  const where =
    address === undefined
      ? ""
      : port !== undefined && port >= 0
        ? ` ${address}:${port}`
        : ` ${address}`;
  const words = syscall === "listen" ? `: ${wordsOf(code)}` : "";
  const error = new Error(`${syscall} ${code}${words}${where}`) as NodeSystemError & {
    address?: string;
    port?: number;
  };
  error.code = code;
  error.errno = errnoOf(code);
  error.syscall = syscall;
  if (address !== undefined) error.address = address;
  if (port !== undefined && port >= 0) error.port = port;
  return error;
}

/** The errno name of whatever the kernel threw. */
export function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === "string" ? code : "EIO";
}
