import { type GuestMemory, WasiError } from "./guest-memory.ts";

type Import = (...args: never[]) => number;

/** Where the paths stand among the arguments of a call: pointer, then length. */
const pathArguments: Readonly<Record<string, readonly number[]>> = {
  path_create_directory: [1],
  path_filestat_get: [2],
  path_filestat_set_times: [2],
  path_link: [2, 5],
  path_open: [2],
  path_readlink: [1],
  path_remove_directory: [1],
  path_rename: [1, 4],
  path_symlink: [3],
  path_unlink_file: [1],
};

/** Whether a path stays below the directory that it is relative to. */
export function staysBelow(path: string): boolean {
  if (path.startsWith("/")) return false;
  let depth = 0;
  for (const part of path.split("/")) {
    if (part === "..") depth -= 1;
    else if (part !== "" && part !== ".") depth += 1;
    if (depth < 0) return false;
  }
  return true;
}

/** A module sees only what is below its preopened directories; symbolic links may still lead out. */
export function guardPaths(
  memory: GuestMemory,
  imports: Readonly<Record<string, Import>>,
): Record<string, Import> {
  return Object.fromEntries(
    Object.entries(pathArguments).map(([name, places]) => {
      const call = imports[name] as (...args: number[]) => number;
      const guarded = (...args: number[]): number => {
        for (const place of places) {
          const path = memory.text((args[place] ?? 0) >>> 0, (args[place + 1] ?? 0) >>> 0);
          if (!staysBelow(path)) return WasiError.NOTCAPABLE;
        }
        return Reflect.apply(call, imports, args);
      };
      return [name, guarded];
    }),
  );
}
