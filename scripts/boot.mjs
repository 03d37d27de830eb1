// The one entry of every npm script. It has no dependencies and runs under the Node of a plain
// machine (20 and up): it installs what is missing, then runs the job under the Node that the
// packages bring along.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, statSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const top = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const modules = path.join(top, "node_modules");

/** The first Node that runs TypeScript files as they are, without a flag. */
const NODE_MIN = [22, 18];

/** Milliseconds between two looks whether npm is still there. */
const PARENT_CHECK_MS = 500;

/** Made by whoever installs: two installations in one folder would destroy each other. */
const installing = path.join(top, ".disco-installing");
/** Milliseconds between two looks whether the other installation has ended. */
const INSTALL_CHECK_MS = 250;
/** Milliseconds that an installation may take; an older mark was left by one that was killed. */
const INSTALL_MAX_MS = 10 * 60_000;

/** Job → what the new Node runs: a file of ours or of a package, then its arguments. */
const jobs = {
  start: (rest) => ["scripts/start.ts", ...rest],
  demo: (rest) => ["scripts/demo.ts", ...rest],
  check: (rest) => ["scripts/check.ts", ...rest],
  generate: (rest) => ["scripts/generate.ts", ...rest],
  bench: (rest) => ["scripts/bench.ts", ...rest],
  conformance: (rest) => ["test/conformance/main.ts", ...rest],
  screenshot: (rest) => ["scripts/screenshot.ts", ...rest],
  deploy: (rest) => ["scripts/deploy.ts", ...rest],
  format: (rest) => ["node_modules/oxfmt/bin/oxfmt", ...rest],
  test: (rest) => ["node_modules/vitest/vitest.mjs", "run", ...coverage(rest), ...rest],
};

/** Tools that would otherwise report home, download a browser, or print a banner. */
const quiet = {
  WRANGLER_SEND_METRICS: "false",
  WRANGLER_SEND_ERROR_REPORTS: "false",
  WRANGLER_HIDE_BANNER: "true",
  CLOUDFLARE_CF_FETCH_ENABLED: "false",
  PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD: "1",
  SCARF_ANALYTICS: "false",
  DO_NOT_TRACK: "1",
};

try {
  main(process.argv.slice(2));
} catch (error) {
  stop(error.message);
}

function main([job = "", ...rest]) {
  if (!Object.hasOwn(jobs, job)) {
    stop(`There is no job "${job}". There are: ${Object.keys(jobs).join(", ")}.`);
  }
  if (!isInstalled()) installAlone();
  const { node, directory } = findNode();
  const env = {
    ...process.env,
    ...quiet,
    PATH: [path.join(modules, ".bin"), directory, process.env.PATH].join(path.delimiter),
  };
  if (job === "test" && coverage(rest).length > 0) env.DISCO_COVERAGE = "1";
  run(node, jobs[job](rest), env, job);
}

function stop(message) {
  process.stderr.write(`disco: ${message}\n`);
  process.exit(1);
}

/** Coverage says something only when every test runs. */
function coverage(rest) {
  return rest.length === 0 ? ["--coverage"] : [];
}

/**
 * npm writes `node_modules/.package-lock.json` as the last step of an installation. Packages that
 * the lock file calls optional may be absent; all others must be there in the locked version.
 */
function isInstalled() {
  const hidden = path.join(modules, ".package-lock.json");
  if (!existsSync(hidden)) return false;
  const wanted = JSON.parse(readFileSync(path.join(top, "package-lock.json"), "utf8")).packages;
  const present = JSON.parse(readFileSync(hidden, "utf8")).packages;
  return Object.entries(wanted).every(
    ([name, { version, optional }]) =>
      name === "" || present[name]?.version === version || (optional && !present[name]),
  );
}

/** Installs, or waits for another start that does. */
function installAlone() {
  while (!isInstalled()) {
    if (takeMark()) {
      try {
        return install();
      } finally {
        rmSync(installing, { recursive: true, force: true });
      }
    }
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, INSTALL_CHECK_MS);
  }
}

function takeMark() {
  try {
    mkdirSync(installing);
    return true;
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
  }
  const age = Date.now() - (statSync(installing, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
  if (age > INSTALL_MAX_MS) rmSync(installing, { recursive: true, force: true });
  return false;
}

function install() {
  process.stderr.write("disco: installing the packages of package-lock.json (npm ci) …\n");
  const flags = ["--include=dev", "--include=optional", "--no-audit", "--no-fund"];
  const result = spawnSync("npm", ["ci", ...flags, "--loglevel=error"], {
    cwd: top,
    // What npm says is for the person; stdout belongs to the job.
    stdio: ["ignore", 2, 2],
    env: { ...process.env, ...quiet },
    shell: process.platform === "win32",
  });
  if (result.error) throw new Error(`npm could not be started: ${result.error.message}`);
  if (result.status !== 0) throw new Error("npm ci failed; npm's own message is above.");
}

/** The Node of the packages where there is one, else the machine's own. */
function findNode() {
  const packaged = path.join(modules, `node-${process.platform}-${process.arch}`, "bin/node");
  const node = existsSync(packaged) ? packaged : process.execPath;
  const result = spawnSync(node, ["-p", "process.versions.node"], { encoding: "utf8" });
  const version = result.status === 0 ? result.stdout.trim() : "none that starts";
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (!(major > NODE_MIN[0] || (major === NODE_MIN[0] && minor >= NODE_MIN[1]))) {
    stop(
      `Node ${NODE_MIN.join(".")} or newer is needed and ${version} was found. ` +
        `The packages bring one for Linux; elsewhere, install it.`,
    );
  }
  return { node, directory: path.dirname(node) };
}

/** Runs the job to its end, and ends as it ended. */
function run(node, args, env, job) {
  const ours = job === "start";
  const child = spawn(node, args, {
    cwd: top,
    env,
    // The channel closes when this process is killed, so that the job can end by itself.
    stdio: ["inherit", "inherit", "inherit", ...(ours ? ["ipc"] : [])],
  });
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
  for (const signal of signals) {
    process.on(signal, () => {
      // Ctrl-C in a terminal reaches the whole process group without our help. Our own job takes a
      // second one calmly; of other tools nobody knows.
      if (ours || signal !== "SIGINT" || !process.stdin.isTTY) child.kill(signal);
    });
  }
  if (ours && process.env.npm_lifecycle_event === job) endWithParent(child);
  child.on("error", (error) => stop(`${node} could not be started: ${error.message}`));
  child.on("exit", (code, signal) => {
    if (signal === null) process.exit(code ?? 1);
    for (const name of signals) process.removeAllListeners(name);
    process.kill(process.pid, signal);
  });
}

/** A SIGTERM to npm kills npm alone; what it started is then adopted by another process. */
function endWithParent(child) {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    child.kill("SIGTERM");
  }, PARENT_CHECK_MS);
}
