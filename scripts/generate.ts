// npm run generate: writes what is a projection of the registry. With --check it writes nothing and
// fails when something is out of date.
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { buildActions } from "#openapi/actions.ts";
import { buildOpenApi } from "#openapi/document.ts";
import { top } from "./disco/top.ts";
import { nodeBehaviours } from "./generate/node-behaviours.ts";
import { fillTables } from "./generate/readme.ts";

interface Projection {
  readonly file: string;
  readonly make: (current: string) => string | Promise<string>;
}

const projections: readonly Projection[] = [
  { file: "openapi/openapi.json", make: () => `${JSON.stringify(buildOpenApi(), null, 2)}\n` },
  {
    file: "openapi/openapi-actions.json",
    make: () => `${JSON.stringify(buildActions(), null, 2)}\n`,
  },
  { file: "README.md", make: fillTables },
  { file: "docs/node.md", make: nodeBehaviours },
];

const checkOnly = process.argv.includes("--check");
let stale = 0;
for (const { file, make } of projections) {
  const place = path.join(top, file);
  const current = await readFile(place, "utf8").catch(() => "");
  const fresh = await make(current);
  if (fresh === current) continue;
  stale += 1;
  if (!checkOnly) await writeFile(place, fresh);
  process.stdout.write(`${file} ${checkOnly ? "is out of date" : "written"}\n`);
}
process.exitCode = checkOnly && stale > 0 ? 1 : 0;
