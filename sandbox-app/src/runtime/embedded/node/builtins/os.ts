import type { NodeContext } from "../context.ts";
import { SignalNumber } from "../../kernel/system-calls.ts";
import { errnoOf, systemErrorMap } from "./errors/errno.ts";

/** Bytes that a process of the container may use (the watchdog's limit), told as the machine's memory. */
const MEMORY = 512 * 1024 * 1024;
const HOSTNAME = "disco";
const USER = "user";

function errnoConstants(): Record<string, number> {
  const codes = Array.from(systemErrorMap().values(), ([code]) => code);
  return Object.fromEntries(
    codes
      .filter((code) => code !== "UNKNOWN" && code !== "EOF")
      .map((code) => [code, -errnoOf(code)]),
  );
}

const signals = Object.freeze({
  ...SignalNumber,
  SIGILL: 4,
  SIGTRAP: 5,
  SIGABRT: 6,
  SIGBUS: 7,
  SIGFPE: 8,
  SIGSEGV: 11,
  SIGTTIN: 21,
  SIGTTOU: 22,
});

const loopback = {
  address: "127.0.0.1",
  netmask: "255.0.0.0",
  family: "IPv4",
  mac: "00:00:00:00:00:00",
  internal: true,
  cidr: "127.0.0.1/8",
};

/** `node:os`. */
export function createOs(node: NodeContext): unknown {
  const count = () => globalThis.navigator.hardwareConcurrency || 1;
  const home = () => node.process.env["HOME"] ?? "/home/user";
  return {
    EOL: "\n",
    devNull: "/dev/null",
    constants: {
      UV_UDP_REUSEADDR: 4,
      dlopen: { RTLD_LAZY: 1, RTLD_NOW: 2, RTLD_GLOBAL: 256, RTLD_LOCAL: 0 },
      errno: errnoConstants(),
      signals,
      priority: {
        PRIORITY_LOW: 19,
        PRIORITY_BELOW_NORMAL: 10,
        PRIORITY_NORMAL: 0,
        PRIORITY_ABOVE_NORMAL: -7,
        PRIORITY_HIGH: -14,
        PRIORITY_HIGHEST: -20,
      },
    },
    arch: () => "x64",
    machine: () => "x86_64",
    platform: () => "linux",
    type: () => "Linux",
    release: () => "6.1.0",
    version: () => "#1 Disco container in a browser tab",
    endianness: () => "LE",
    hostname: () => HOSTNAME,
    homedir: home,
    tmpdir: () => {
      const path =
        node.process.env["TMPDIR"] ?? node.process.env["TMP"] ?? node.process.env["TEMP"] ?? "/tmp";
      return path.length > 1 && path.endsWith("/") ? path.slice(0, -1) : path;
    },
    userInfo: () => ({
      uid: 1000,
      gid: 1000,
      username: node.process.env["USER"] ?? USER,
      homedir: home(),
      shell: "/bin/bash",
    }),
    uptime: () => node.natives.now() / 1000,
    loadavg: () => [0, 0, 0],
    totalmem: () => MEMORY,
    freemem: () => MEMORY / 2,
    availableParallelism: count,
    cpus: () =>
      Array.from({ length: count() }, () => ({
        model: "browser tab",
        speed: 0,
        times: { user: 0, nice: 0, sys: 0, idle: 0, irq: 0 },
      })),
    networkInterfaces: () => ({ lo: [{ ...loopback }] }),
    getPriority: () => 0,
    setPriority: (): undefined => undefined,
  };
}
