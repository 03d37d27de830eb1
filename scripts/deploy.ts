// node scripts/boot.mjs deploy: builds the page, then hands over to wrangler with the given arguments.
import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { buildPage } from "./disco/page-build.ts";
import { top } from "./disco/top.ts";

await buildPage(top, new AbortController().signal);
const wrangler = path.join(top, "node_modules/wrangler/bin/wrangler.js");
const args = [wrangler, "deploy", ...process.argv.slice(2)];
const child = spawn(process.execPath, args, { cwd: top, stdio: "inherit" });
const [code] = (await once(child, "exit")) as [number | null];
process.exitCode = code ?? 1;
