import { createHash } from "node:crypto";
import type { TabScript } from "./edge-rig.ts";

const encoder = new TextEncoder();

function describe(path: string, text: string) {
  const bytes = encoder.encode(text);
  return { path, bytes: bytes.length, hash: createHash("sha256").update(bytes).digest("hex") };
}

/** A tab's answers over a handful of files in memory: enough for a face to be seen whole. */
export function smallWorkspace(files: Map<string, string>): TabScript {
  return ({ operation, input }) => {
    const path = String(input["path"]);
    switch (operation) {
      case "list_files": {
        const entries = [...files].map(([name, text]) => ({
          path: name,
          type: "file",
          size: encoder.encode(text).length,
        }));
        return {
          ok: true,
          output: { path, entries, total: entries.length, hidden: 0, truncated: false },
        };
      }
      case "read_file": {
        const text = files.get(path);
        if (path.startsWith("..")) {
          return {
            ok: false,
            error: { code: "path_outside_workspace", message: `${path} leaves.` },
          };
        }
        if (text === undefined) {
          return { ok: false, error: { code: "file_not_found", message: `There is no ${path}.` } };
        }
        const lines = text.replace(/\n$/, "").split("\n").length;
        const kind = { media_type: "text/plain", image: null };
        const range = { start: 1, end: lines, total_lines: lines, next_offset: null, cut_lines: 0 };
        return {
          ok: true,
          output: { ...describe(path, text), text, encoding: "utf8", ...kind, ...range },
        };
      }
      case "write_file": {
        const content = String(input["content"]);
        const created = !files.has(path);
        files.set(path, content);
        return {
          ok: true,
          output: { ...describe(path, content), created, diff: "", diagnostics: [] },
        };
      }
      default: {
        const stdout = `ran ${String(input["command"])}\n`;
        const ended = {
          status: "exited",
          exit_code: 0,
          duration_ms: 12,
          process_id: null,
          cursor: stdout.length,
          truncated: false,
          ports: [],
        };
        return { ok: true, output: { ...ended, stdout, stderr: "" } };
      }
    }
  };
}
