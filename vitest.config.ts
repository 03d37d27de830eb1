import tailwindcss from "@tailwindcss/vite";
import vue from "@vitejs/plugin-vue";
import { playwright } from "@vitest/browser-playwright";
import { configDefaults, defineConfig } from "vitest/config";
import { chromiumArgs, findChromium } from "./scripts/chromium.ts";
import { SummaryReporter } from "./test/support/summary-reporter.ts";

const chromium = await findChromium();

/** SharedArrayBuffer exists only where these are set (HTML, section 7.1.3, cross-origin isolation). */
const isolation = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
  "Cross-Origin-Resource-Policy": "same-origin",
};

/** A second, which is the default, is too short where two processors run eight tests. */
const POLL_TIMEOUT_MS = 10_000;

const inBrowser = ["test/**/*.browser.test.ts"];
const inWorkerd = [
  "test/path/**/*.test.ts",
  "test/contract/*redis*.test.ts",
  "test/**/*.workerd.test.ts",
];
const endToEnd = ["test/e2e/**/*.test.ts"];

/** Browsers measure the memory of all workers together: those of other tests would be waited for. */
const measuringMemory = ["test/sandbox-app/runtime/limits.browser.test.ts"];

/** Made anew for each project: vitest writes the project's name into the instances. */
const inChromium = () => ({
  extends: true as const,
  plugins: [vue(), tailwindcss()],
  server: { headers: isolation },
  // A package that is found late makes vite reload the page, and with it the test that runs.
  optimizeDeps: { entries: ["sandbox-app/src/**/*.{ts,vue}"] },
  test: {
    testTimeout: 30_000,
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      provider: playwright({
        launchOptions: {
          executablePath: chromium.executablePath,
          args: chromiumArgs,
          env: { ...process.env, ...chromium.env },
        },
      }),
      instances: [{ browser: "chromium" as const }],
    },
  },
});

export default defineConfig({
  test: {
    // `.only` that was left in would hide every other test.
    allowOnly: false,
    // What is waited for comes when it comes: no test judges by time, and machines are busy.
    expect: { poll: { timeout: POLL_TIMEOUT_MS } },
    reporters: ["default", new SummaryReporter()],
    coverage: {
      provider: "istanbul",
      include: [
        "protocol/**/*.ts",
        "openapi/**/*.ts",
        "worker/**/*.ts",
        "sandbox-app/src/**/*.{ts,vue}",
      ],
      exclude: ["**/*.d.ts"],
      reportsDirectory: "coverage",
      reporter: ["text-summary", "html", "json-summary"],
      thresholds: { lines: 80 },
    },
    projects: [
      {
        extends: true,
        // A package that names it at its top is imported by modules that plain Node tests too.
        resolve: {
          alias: { "cloudflare:workers": `${import.meta.dirname}/test/support/workers-module.ts` },
        },
        test: {
          name: "node",
          server: { deps: { inline: ["@cloudflare/workers-oauth-provider"] } },
          include: ["test/**/*.test.ts"],
          exclude: [...configDefaults.exclude, ...inBrowser, ...inWorkerd, ...endToEnd],
          testTimeout: 20_000,
        },
      },
      {
        extends: true,
        test: {
          name: "workerd",
          include: inWorkerd,
          exclude: [...configDefaults.exclude, ...inBrowser],
          globalSetup: ["test/support/build-page.ts"],
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        ...inChromium(),
        test: {
          ...inChromium().test,
          name: "browser",
          include: inBrowser,
          exclude: [...configDefaults.exclude, ...measuringMemory],
        },
      },
      {
        ...inChromium(),
        test: {
          ...inChromium().test,
          name: "memory",
          include: measuringMemory,
          maxWorkers: 1,
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
      {
        extends: true,
        test: {
          name: "e2e",
          include: endToEnd,
          globalSetup: ["test/support/build-page.ts"],
          testTimeout: 120_000,
          hookTimeout: 180_000,
          // Each file starts the whole product; after all others, and one at a time.
          maxWorkers: 1,
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
