import { describe, expect, it } from "vitest";
import type { System } from "#sandbox/runtime/embedded/kernel/system-calls.ts";
import { runShellProgram } from "#sandbox/runtime/embedded/shell/start.ts";
import { KernelInThread, type Ran } from "#test/support/kernel-in-thread.ts";

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes.slice());

const answers: Readonly<Record<string, string>> = {
  "/": "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 6\r\n\r\nhello\n",
  "/gone": "HTTP/1.1 404 Not Found\r\nContent-Length: 5\r\n\r\nnope\n",
  "/old": "HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n",
  "/loop": "HTTP/1.1 302 Found\r\nLocation: /loop\r\nContent-Length: 0\r\n\r\n",
  "/chunks":
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\none\n\r\n4\r\ntwo\n\r\n0\r\n\r\n",
  "/cut": "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort",
};

/** A server on port 3000: fixed answers, and an echo of the request below /echo. */
async function serverMain(system: System): Promise<number> {
  const { fd } = system.callSync("listen", 3000);
  for (;;) {
    const { fd: socket } = await system.call("accept", fd);
    void serve(system, socket);
  }
}

async function serve(system: System, socket: number): Promise<void> {
  let request = "";
  for (;;) {
    const length = Number(/content-length: (\d+)/i.exec(request)?.[1] ?? 0);
    const end = request.indexOf("\r\n\r\n");
    if (end !== -1 && request.length >= end + 4 + length) break;
    request += decode(await system.call("read", socket, 65_536, null));
  }
  const path = request.split(" ")[1] ?? "/";
  if (path === "/hang") return;
  const echo = `HTTP/1.1 200 OK\r\nContent-Length: ${encode(request).byteLength}\r\n\r\n${request}`;
  const answer = path === "/empty" ? "" : (answers[path] ?? echo);
  await system.call("write", socket, encode(answer), null);
  system.callSync("close", socket);
}

const url = "http://localhost:3000";

async function run(line: string): Promise<Ran & { box: KernelInThread }> {
  const box = new KernelInThread({ shell: runShellProgram, node: serverMain });
  const started = "node & until lsof -ti :3000 > /dev/null; do :; done";
  return { ...(await box.run(["bash", "-c", `${started}; ${line}`])), box };
}

describe("curl and the servers of the container", () => {
  it.each<[string, string, number]>([
    [`curl -s ${url}`, "hello\n", 0],
    ["curl -s localhost:3000/chunks", "one\ntwo\n", 0],
    ["curl -s http://127.0.0.1:3000/", "hello\n", 0],
    [`curl -s -o /dev/null -w '%{http_code} %{content_type}\\n' ${url}`, "200 text/plain\n", 0],
    [`curl -sI ${url}`, answers["/"]?.split("\r\n\r\n")[0] + "\r\n\r\n", 0],
    [`curl -si ${url}/gone`, answers["/gone"] ?? "", 0],
    [`curl -sf ${url}/gone`, "", 22],
    [`curl -s --fail-with-body ${url}/gone`, "nope\n", 22],
    [`curl -sL -w '%{num_redirects} %{url_effective}' ${url}/old`, `hello\n1 ${url}/`, 0],
    [`curl -s -w '%{redirect_url}' ${url}/old`, `${url}/`, 0],
    ["curl -s http://localhost:3999/", "", 7],
    ["curl -s http://nosuchname/", "", 6],
    [`curl -s ${url}/empty`, "", 52],
    [`curl -s ${url}/cut`, "short", 18],
    [`curl -s -m 0.05 ${url}/hang`, "", 28],
    [`curl -sL --max-redirs 2 ${url}/loop`, "", 47],
    ["curl -s https://localhost:3000/", "", 35],
    ["curl -s", "", 2],
    ["curl -s ftp://localhost/", "", 1],
  ])("%s", async (line, stdout, code) => {
    const ran = await run(line);
    expect({ stdout: ran.stdout, code: ran.code }).toEqual({ stdout, code });
  });

  it.each([
    [`curl -s -X PUT ${url}/echo`, /^PUT \/echo HTTP\/1\.1\r\n/],
    [`curl -s -d a=1 -d b=2 ${url}/echo`, /^POST [^]*x-www-form-urlencoded[^]*\r\n\r\na=1&b=2$/],
    [`curl -s -G -d q=x ${url}/echo`, /^GET \/echo\?q=x HTTP/],
    [`curl -s --json '{"a":1}' ${url}/echo`, /application\/json[^]*\r\n\r\n\{"a":1\}$/],
    [`printf 'x\\ny\\n' > f; curl -s -d @f ${url}/echo`, /\r\n\r\nxy$/],
    [`printf 'x\\ny\\n' > f; curl -s --data-binary @f ${url}/echo`, /\r\n\r\nx\ny\n$/],
    [`echo in | curl -s -T - ${url}/echo`, /^PUT [^]*\r\n\r\nin\n$/],
    [`curl -s -F a=b -F 'f=@/etc/hostname' ${url}/echo`, /filename="hostname"[^]*disco\n/],
    [`curl -s -H 'X-A: 1' -H 'Accept:' ${url}/echo`, /^(?![^]*Accept)[^]*X-A: 1\r\n/],
    [`curl -s -u me:pass -A agent -b k=v ${url}/echo`, /Basic bWU6cGFzcw==[^]*agent[^]*k=v/],
    [`curl -s --data-urlencode 'q=a b&c' ${url}/echo`, /\r\n\r\nq=a%20b%26c$/],
  ])("%s sends what it is told", async (line, request) => {
    expect((await run(line)).stdout).toMatch(request);
  });

  it("saves into files, and says errors with -S", async () => {
    const { box, stderr, code } = await run(
      `curl -s -o out ${url}; curl -sO ${url}/chunks; wget -q ${url}/gone; echo $? > status; wget -qO- ${url} > w; curl -sS http://localhost:3999`,
    );
    const read = (name: string): string => box.read(`/home/user/workspace/${name}`);
    expect([read("out"), read("chunks"), read("status"), read("w")]).toEqual([
      "hello\n",
      "one\ntwo\n",
      "8\n",
      "hello\n",
    ]);
    expect({ stderr, code }).toEqual({
      stderr: "curl: (7) Failed to connect to localhost port 3999 after 0 ms: Couldn't connect to server\n",
      code: 7,
    });
  });
});

describe("what shows servers and processes", () => {
  it("finds a server by its port, and ends it by its name", async () => {
    const { stdout } = await run(
      'test "$(lsof -ti :3000)" = $! && echo same; ss -ltnp | grep -c 3000; pgrep -f "^node"; ps aux | grep -c "[n]ode$"; top -b -n1 | grep -c ' node$'; pkill node; wait; lsof -i :3000 || echo free',
    );
    expect(stdout).toMatch(/^same\n1\n\d+\n1\n1\nfree\n$/);
  });
});
