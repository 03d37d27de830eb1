/** What an option of the command line means to the runtime. */
export interface OptionRule {
  /** `value`: takes one, as `--name=value` or as the next argument. `optional`: only as `--name=value`. */
  readonly takes: "nothing" | "value" | "optional";
  /** `ignored`: accepted, as it changes nothing that a tab has. `refused`: told why not. */
  readonly use: "used" | "ignored" | { readonly refused: string };
  readonly inNodeOptions: boolean;
}

const flag = (inNodeOptions = true): OptionRule => ({
  takes: "nothing",
  use: "used",
  inNodeOptions,
});
const value = (inNodeOptions = true): OptionRule => ({
  takes: "value",
  use: "used",
  inNodeOptions,
});
const ignored: OptionRule = { takes: "nothing", use: "ignored", inNodeOptions: true };
const ignoredValue: OptionRule = { takes: "value", use: "ignored", inNodeOptions: true };
const refused = (why: string): OptionRule => ({
  takes: "optional",
  use: { refused: why },
  inNodeOptions: true,
});

/** Short forms and older names. */
export const aliases: Readonly<Record<string, string>> = {
  "-v": "--version",
  "-h": "--help",
  "-e": "--eval",
  "-p": "--print",
  "-pe": "--print",
  "-c": "--check",
  "-i": "--interactive",
  "-r": "--require",
  "-C": "--conditions",
  "--es-module-specifier-resolution": "--experimental-specifier-resolution",
  "--loader": "--experimental-loader",
  "--experimental-test-coverage": "--test-coverage",
};

const noInspector = "There is no debugger port in a tab; use the browser's developer tools.";

/** Options that are known; every other one is a bad option, unless it is one of V8's. */
export const optionTable: Readonly<Record<string, OptionRule>> = {
  "--version": flag(false),
  "--help": flag(false),
  "--eval": value(false),
  "--print": { takes: "value", use: "used", inNodeOptions: false },
  "--check": flag(false),
  "--interactive": flag(false),
  "--require": value(),
  "--import": value(),
  "--conditions": value(),
  "--input-type": value(),
  "--test": flag(false),
  "--watch": refused(
    "Files are watched by programs such as vite or nodemon; node --watch is not there.",
  ),
  "--watch-path": refused("node --watch is not there."),
  "--run": value(false),
  "--env-file": { takes: "value", use: "used", inNodeOptions: false },
  "--env-file-if-exists": { takes: "value", use: "used", inNodeOptions: false },
  "--no-warnings": flag(),
  "--trace-warnings": flag(),
  "--no-deprecation": flag(),
  "--throw-deprecation": flag(),
  "--trace-deprecation": flag(),
  "--unhandled-rejections": value(),
  "--stack-trace-limit": value(),
  "--title": value(),
  "--expose-gc": flag(),
  "--expose_gc": flag(),
  "--experimental-loader": refused(
    "There is no thread for asynchronous hooks; use --import with a file that calls module.registerHooks.",
  ),
  "--inspect": refused(noInspector),
  "--inspect-brk": refused(noInspector),
  "--inspect-wait": refused(noInspector),
  "--prof": refused("There is no profiler of V8 in a tab; use the browser's developer tools."),
  "--cpu-prof": refused("There is no profiler of V8 in a tab; use the browser's developer tools."),
  "--permission": refused("The tab itself is the sandbox; there is no permission model inside."),
  "--build-snapshot": refused("Start-up snapshots cannot be made in a tab."),
  "--enable-source-maps": ignored,
  "--no-enable-source-maps": ignored,
  "--trace-uncaught": ignored,
  "--disable-warning": ignoredValue,
  "--preserve-symlinks": ignored,
  "--preserve-symlinks-main": ignored,
  "--experimental-strip-types": ignored,
  "--no-experimental-strip-types": ignored,
  "--experimental-transform-types": ignored,
  "--experimental-vm-modules": ignored,
  "--experimental-wasm-modules": ignored,
  "--experimental-require-module": ignored,
  "--no-experimental-require-module": ignored,
  "--experimental-detect-module": ignored,
  "--experimental-import-meta-resolve": ignored,
  "--experimental-json-modules": ignored,
  "--experimental-fetch": ignored,
  "--no-experimental-fetch": ignored,
  "--experimental-global-webcrypto": ignored,
  "--experimental-websocket": ignored,
  "--experimental-sqlite": ignored,
  "--experimental-default-type": ignoredValue,
  "--experimental-specifier-resolution": ignoredValue,
  "--experimental-test-module-mocks": ignored,
  "--experimental-eventsource": ignored,
  "--experimental-webstorage": ignored,
  "--pending-deprecation": ignored,
  "--no-addons": ignored,
  "--no-global-search-paths": ignored,
  "--abort-on-uncaught-exception": ignored,
  "--force-context-aware": ignored,
  "--frozen-intrinsics": ignored,
  "--insecure-http-parser": ignored,
  "--max-http-header-size": ignoredValue,
  "--dns-result-order": ignoredValue,
  "--tls-min-v1.2": ignored,
  "--use-openssl-ca": ignored,
  "--use-system-ca": ignored,
  "--icu-data-dir": ignoredValue,
  "--secure-heap": ignoredValue,
  "--max-old-space-size": ignoredValue,
  "--max_old_space_size": ignoredValue,
  "--max-semi-space-size": ignoredValue,
  "--stack-size": ignoredValue,
  "--stack_size": ignoredValue,
  "--jitless": ignored,
  "--harmony": ignored,
  "--no-opt": ignored,
  "--interpreted-frames-native-stack": ignored,
  "--report-on-fatalerror": ignored,
  "--report-uncaught-exception": ignored,
  "--disable-proto": ignoredValue,
  "--zero-fill-buffers": ignored,
  "--no-experimental-websocket": ignored,
  "--no-experimental-global-navigator": ignored,
  "--no-experimental-repl-await": ignored,
  "--openssl-legacy-provider": ignored,
};

/** Options of the test runner are passed on to it as they are. */
export function isTestOption(name: string): boolean {
  return name.startsWith("--test-");
}
