import type { Page } from "playwright";
import type { McpCaller } from "../disco/mcp-caller.ts";

const PORT = 3_000;

const orders = `id,region,amount
1001,north,42.50
1002,south,17.00
1003,north,8.25
1004,west,99.90
1005,south,23.10
`;

const server = `import { readFileSync } from "node:fs";
import express from "express";

const rows = readFileSync("orders.csv", "utf8").trim().split("\\n").slice(1);

/** Amounts by region, the largest first. */
function totals() {
  const sums = {};
  for (const row of rows) {
    const [, region, amount] = row.split(",");
    sums[region] = (sums[region] ?? 0) + Number(amount);
  }
  return Object.entries(sums).sort((a, b) => b[1] - a[1]);
}

const app = express();
app.use(express.static("public"));
app.get("/totals", (request, response) => response.json(totals()));
app.get("/clock", (request, response) => {
  response.set("content-type", "text/event-stream");
  const tell = () => response.write(\`data: \${new Date().toLocaleTimeString("en-GB")}\\n\\n\`);
  const timer = setInterval(tell, 1000);
  response.on("close", () => clearInterval(timer));
  tell();
});
app.listen(${PORT}, () => console.log("http://localhost:${PORT}"));
`;

const page = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="color-scheme" content="light dark" />
    <title>Orders</title>
    <style>
      body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem; }
      h1 { font-size: 1.25rem; }
      td { padding: 0.25rem 1.5rem 0.25rem 0; }
      td:last-child { text-align: right; font-variant-numeric: tabular-nums; }
      p { opacity: 0.7; }
    </style>
  </head>
  <body>
    <h1>Orders by region</h1>
    <table></table>
    <p>Server time <time></time></p>
    <script type="module">
      const table = document.querySelector("table");
      for (const [region, sum] of await (await fetch("/totals")).json()) {
        const row = table.insertRow();
        row.insertCell().textContent = region;
        row.insertCell().textContent = sum.toFixed(2);
      }
      new EventSource("/clock").onmessage = ({ data }) => {
        document.querySelector("time").textContent = data;
      };
    </script>
  </body>
</html>
`;

/** A few calls as a chat makes them: install express, write a server and a page, and start it. */
export async function playScene(caller: McpCaller, tab: Page): Promise<void> {
  const run = (command: string) => caller.call("run_command", { command });
  const write = (path: string, content: string) => caller.call("write_file", { path, content });
  await write("orders.csv", orders);
  await run("npm init -y && npm pkg set type=module && npm install express");
  await write("public/index.html", page);
  await write("server.js", server);
  await run("node server.js > log.txt 2>&1 & until grep -q localhost log.txt; do sleep 0.1; done");
  await run(`curl -s localhost:${PORT}/totals`);
  const frame = tab.frameLocator(`iframe[title^="Preview of port ${PORT}"]`);
  await frame.getByText("Server time").waitFor();
  await tab.locator(".xterm").first().click();
  await tab.keyboard.type("cat log.txt; ps\n");
}
