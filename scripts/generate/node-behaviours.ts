import { readdir, readFile } from "node:fs/promises";
import * as z from "zod";

/** Behaviours of Node that the container shows. */
interface Group {
  readonly title: string;
  readonly names: readonly string[];
}

const casesFolder = new URL("../../test/differential/node/cases/", import.meta.url);

async function readGroups(): Promise<Group[]> {
  const files = (await readdir(casesFolder)).filter((file) => file.endsWith(".cases")).toSorted();
  return Promise.all(
    files.map(async (file) => {
      const text = await readFile(new URL(file, casesFolder), "utf8");
      const names = Array.from(text.matchAll(/^=== (.+)$/gm), ([, name = ""]) => name);
      return { title: file.replace(/^builtins-|\.cases$/g, "").replace(".cases", ""), names };
    }),
  );
}

const refusalsFile = new URL("../../test/differential/node/refusals.json", import.meta.url);
const refusalRows = z.array(z.object({ missing: z.string(), instead: z.string() }));

/** The text of docs/node.md: what the differential tests prove, and what fails with a clear error. */
export async function nodeBehaviours(): Promise<string> {
  const groups = await readGroups();
  const works = groups.map(({ title, names }) => `| ${title} | ${names.join("; ")} |`).join("\n");
  const refusals = refusalRows.parse(JSON.parse(await readFile(refusalsFile, "utf8")));
  const fails = refusals.map(({ missing, instead }) => `| ${missing} | ${instead} |`).join("\n");
  return `# Node in the container

Written by \`npm run generate\` from test/differential/node; do not edit by hand.

## Same output and exit code as real Node 24

Each behaviour is one program or more that runs in both.

| about | behaviours |
|---|---|
${works}

## Fails at once, with an error that says what to use instead

| missing | instead |
|---|---|
${fails}

## Known differences

- \`util.inspect\` cannot look into promises, proxies and iterators of maps: a settled promise is shown as pending.
- The source of a function (\`toString\`) shows \`import()\` and \`await\` as they were rewritten; such a function still runs.
- A thrown value that is no error is told without its place, and an error with the line that made it.
- TypeScript: enums, parameter properties and casts in angle brackets work, as with \`--experimental-transform-types\`.
- \`node --watch\` starts again after a change of any source below the working directory, as it does not know which were read.
- The prompt waits for an \`await\` before it takes the next line, also from a pipe.
- \`zlib.createBrotliCompress\` and the streams of Zstandard are absent, so that servers choose gzip.
- A rejection that nobody handles is told when the browser tells it, which may be after timers that are due at once.
- \`v8.serialize\` has a format of its own: only \`v8.deserialize\` of the container reads it.
- \`spawnSync\` gives the child files instead of pipes, because a blocked process cannot read two pipes.
- Gzip and zlib checksums are not verified when reading.
`;
}
