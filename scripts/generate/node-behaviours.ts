import { readdir, readFile } from "node:fs/promises";

/** A behaviour of Node that the container shows, or refuses with a clear error. */
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

const failing: readonly (readonly [feature: string, instead: string])[] = [
  ["https, tls", "plain http on a port of localhost"],
  ["sockets and fetch to other hosts", "ports of the container; other hosts need a network grant"],
  ["http2", "http (HTTP/1.1)"],
  ["dgram", "http or net on a port of localhost"],
  ["cluster", "child_process.fork with a port for each child"],
  ["vm contexts", "vm.runInThisContext, or a worker_threads Worker"],
  ["crypto ciphers, signatures, key pairs", "crypto.webcrypto.subtle"],
  ["zlib Brotli and Zstandard", "gzip or deflate"],
  ["worker_threads.receiveMessageOnPort", "port.on('message')"],
  ["sqlite", "a WebAssembly build such as sql.js"],
  ["inspector, repl, sea, trace_events", "the browser's developer tools; an interactive shell"],
  ["native addons, wasi of node:wasi", "WebAssembly builds of the package"],
];

/** The text of docs/node.md: what the differential tests prove, and what fails with a clear error. */
export async function nodeBehaviours(): Promise<string> {
  const groups = await readGroups();
  const works = groups.map(({ title, names }) => `| ${title} | ${names.join("; ")} |`).join("\n");
  const fails = failing.map(([feature, instead]) => `| ${feature} | ${instead} |`).join("\n");
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

- \`util.inspect\` cannot look into promises and proxies: a settled promise is shown as pending.
- \`v8.serialize\` has a format of its own: only \`v8.deserialize\` of the container reads it.
- \`spawnSync\` gives the child files instead of pipes, because a blocked process cannot read two pipes.
- Gzip and zlib checksums are not verified when reading.
`;
}
