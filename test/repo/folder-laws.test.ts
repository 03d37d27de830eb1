import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { top } from "#scripts/disco/top.ts";

const contract = /protocol\/ imports only zod and itself/;
const projection = /openapi\/ is a projection of protocol\//;
const workerSide = /worker\/ never imports sandbox-app\//;
const sandboxSide = /sandbox-app\/ never imports worker\//;
const across = /A relative import stays inside its top-level folder/;
const faces = /A face never calls a handler/;
const handlers = /A handler speaks only to the Runtime interface/;
const ui = /The ui shows what tab\/ tells it/;

/** Where an import stands, what it imports, and the law that must stop it. */
const violations: readonly (readonly [string, string, RegExp])[] = [
  ["protocol/a.ts", "hono", contract],
  ["protocol/a.ts", "#worker/config.ts", contract],
  ["protocol/operations/a.ts", "../../worker/config.ts", contract],
  ["openapi/a.ts", "#worker/config.ts", projection],
  ["openapi/a.ts", "../worker/config.ts", projection],
  ["worker/a.ts", "#sandbox/main.ts", workerSide],
  ["worker/relay/a.ts", "../../sandbox-app/src/main.ts", workerSide],
  ["worker/a.ts", "#scripts/start.ts", workerSide],
  ["worker/a.ts", "../protocol/limits.ts", across],
  ["worker/http/a.ts", "../operations/edge-handlers.ts", faces],
  ["worker/mcp/a.ts", "#worker/operations/edge-handlers.ts", faces],
  ["worker/mcp/a.ts", "#sandbox/main.ts", workerSide],
  ["sandbox-app/src/a.ts", "#worker/config.ts", sandboxSide],
  ["sandbox-app/src/a.ts", "../../worker/config.ts", across],
  ["sandbox-app/src/dispatch/handlers/a.ts", "../../runtime/embedded/boot.ts", handlers],
  ["sandbox-app/src/dispatch/handlers/a.ts", "#sandbox/runtime/select.ts", handlers],
  ["sandbox-app/src/dispatch/handlers/a.ts", "#worker/config.ts", sandboxSide],
  ["sandbox-app/src/ui/a.ts", "../connection/connection.ts", ui],
  ["sandbox-app/src/ui/files/a.ts", "../../dispatch/dispatcher.ts", ui],
  ["sandbox-app/src/ui/A.vue", "#sandbox/runtime/embedded/boot.ts", ui],
  ["sandbox-app/src/ui/a.ts", "#worker/config.ts", sandboxSide],
  ["scripts/a.ts", "../worker/config.ts", across],
  ["test/worker/a.ts", "../../worker/config.ts", across],
];

const allowed: readonly (readonly [string, string])[] = [
  ["protocol/operations/a.ts", "../limits.ts"],
  ["protocol/operations/a.ts", "./files.ts"],
  ["protocol/a.ts", "zod"],
  ["openapi/a.ts", "#protocol/registry.ts"],
  ["worker/http/a.ts", "../operations/execute.ts"],
  ["worker/http/a.ts", "#protocol/operations/files.ts"],
  ["worker/relay/a.ts", "../operations/edge-handlers.ts"],
  ["sandbox-app/src/dispatch/handlers/a.ts", "../../runtime/runtime.ts"],
  ["sandbox-app/src/ui/files/a.ts", "../../tab/events.ts"],
  ["sandbox-app/src/ui/a.ts", "../runtime/runtime.ts"],
  ["scripts/a.ts", "#worker/identity/tokens.ts"],
];

/** Runs the linter over one file that holds one import; returns what the folder laws say. */
function lint(folder: string, file: string, specifier: string): string[] {
  const place = path.join(folder, file);
  mkdirSync(path.dirname(place), { recursive: true });
  const line = `import "${specifier}";\n`;
  writeFileSync(place, file.endsWith(".vue") ? `<script setup lang="ts">\n${line}</script>` : line);
  const oxlint = path.join(top, "node_modules/oxlint/bin/oxlint");
  const args = ["--config", path.join(folder, ".oxlintrc.json"), "--format", "json", file];
  let output: string;
  try {
    output = execFileSync(process.execPath, [oxlint, ...args], { cwd: folder, encoding: "utf8" });
  } catch (error) {
    output = (error as { stdout: string }).stdout;
  } finally {
    rmSync(place);
  }
  const { diagnostics } = JSON.parse(output) as { diagnostics: { code: string; help?: string }[] };
  return diagnostics
    .filter(({ code }) => code.includes("no-restricted-imports"))
    .map(({ help }) => help ?? "");
}

describe("the folder laws of the lint configuration", () => {
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), "disco-laws-"));
    copyFileSync(path.join(top, ".oxlintrc.json"), path.join(folder, ".oxlintrc.json"));
  });

  afterAll(() => rmSync(folder, { recursive: true }));

  it.each(violations)("stop %s from importing %s", (file, specifier, law) => {
    expect(lint(folder, file, specifier)).toContainEqual(expect.stringMatching(law));
  });

  it.each(allowed)("let %s import %s", (file, specifier) => {
    expect(lint(folder, file, specifier)).toEqual([]);
  });
});
