import { expandBraces, partExpression, partsMatch } from "../path/matches-glob.ts";
import { Dirent, type EntryType } from "./dirent.ts";
import { optionsOf } from "./options.ts";
import { pathText } from "./paths.ts";
import { call, type Operation } from "./run.ts";

interface Walk {
  readonly root: string;
  readonly skip: (path: string, entry: Dirent) => boolean;
  readonly found: Map<string, Dirent>;
  /** The pattern ends with a slash. */
  readonly onlyDirectories: boolean;
}

interface Entry {
  readonly name: string;
  readonly type: EntryType;
}

function* entriesOf(path: string): Operation<readonly Entry[]> {
  try {
    return yield* call("readdir", [path === "" ? "/" : path]);
  } catch {
    return [];
  }
}

/** Walks only where the pattern's next part can match; `**` tries both "here" and "one deeper". */
function* walk(state: Walk, below: string, glob: readonly string[]): Operation<undefined> {
  const [first, ...rest] = glob;
  if (first === undefined) return undefined;
  const directory = below === "" ? state.root : `${state.root}/${below}`.replace(/^\/\//, "/");
  if (first === "**") yield* walk(state, below, rest);
  const pattern = first === "**" ? partExpression("*") : partExpression(first);
  for (const { name, type } of yield* entriesOf(directory)) {
    if (!pattern.test(name)) continue;
    const path = below === "" ? name : `${below}/${name}`;
    const entry = new Dirent(name, directory, type);
    if (state.skip(path, entry)) continue;
    const last = rest.length === 0;
    if (last && (type === "directory" || !state.onlyDirectories)) state.found.set(path, entry);
    if (type !== "directory") continue;
    yield* walk(state, path, first === "**" ? glob : rest);
  }
  return undefined;
}

/** `fs.glob`: paths below `cwd` that match, in the order in which they are met. */
export function globOperation(cwd: () => string) {
  return function* glob(pattern: unknown, given?: unknown): Operation<unknown[]> {
    const options = optionsOf(given);
    const patterns = (Array.isArray(pattern) ? pattern : [pattern]) as string[];
    const { exclude } = options;
    const withTypes = options["withFileTypes"] === true;
    const root = options["cwd"] === undefined ? cwd() : pathText(options["cwd"], "options.cwd");
    const skip = (path: string, entry: Dirent): boolean => {
      if (typeof exclude === "function") return exclude(withTypes ? entry : path) === true;
      if (!Array.isArray(exclude)) return false;
      return (exclude as string[]).some((each) => partsMatch(path.split("/"), each.split("/")));
    };
    const found = new Map<string, Dirent>();
    for (const each of patterns.flatMap((one) => expandBraces(one))) {
      const absolute = each.startsWith("/");
      const parts = each.split("/").filter((part) => part !== "" && part !== ".");
      const state: Walk = {
        root: absolute ? "" : root,
        skip,
        found: new Map(),
        onlyDirectories: each.endsWith("/"),
      };
      yield* walk(state, "", parts);
      for (const [path, entry] of state.found) found.set(absolute ? `/${path}` : path, entry);
    }
    return withTypes ? [...found.values()] : [...found.keys()];
  };
}
