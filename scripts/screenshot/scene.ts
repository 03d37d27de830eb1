import type { Page } from "playwright";
import type { McpCaller } from "../disco/mcp-caller.ts";

const orders = `id,region,amount
1001,north,42.50
1002,south,17.00
1003,north,8.25
1004,west,99.90
1005,south,23.10
`;

const report = `# Orders by region

Made from \`data/orders.csv\` with one pipeline.
`;

/** A few calls as a chat makes them: write, compute, keep the answer. */
export async function playScene(caller: McpCaller, page: Page): Promise<void> {
  await caller.call("container_status", {});
  await caller.call("write_file", { path: "data/orders.csv", content: orders });
  await caller.call("write_file", { path: "report.md", content: report });
  await caller.call("run_command", {
    command:
      "tail -n +2 data/orders.csv | awk -F, '{sum[$2] += $3} END {for (c in sum) " +
      'printf "%-8s %7.2f\\n", c, sum[c]}\' | sort -k2 -rn | tee totals.txt',
  });
  await caller.call("run_command", {
    command: "{ echo; echo '```'; cat totals.txt; echo '```'; } >> report.md && cat report.md",
  });
  await caller.call("read_file", { path: "report.md" });
  await page.getByRole("treeitem", { name: "report.md" }).click();
}
