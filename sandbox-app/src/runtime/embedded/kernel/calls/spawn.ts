import * as z from "zod";
import { callError } from "../file-errors.ts";
import type { Kernel } from "../kernel.ts";
import { hold, release } from "../open/descriptors.ts";
import { NullDevice } from "../open/device.ts";
import type { OpenFile } from "../open/open-file.ts";
import { Pipe, PipeReader, PipeWriter } from "../open/pipe.ts";
import { connectSockets } from "../open/socket.ts";
import type { Process } from "../process/process.ts";
import type { ChildStream, Spawned, SpawnRequest } from "../system-calls.ts";

/** Bytes of arguments and environment together, as on Linux (ARG_MAX). */
const ARGUMENTS_MAX_CHARS = 2_097_152;

const stream = z.discriminatedUnion("from", [
  z.object({ from: z.literal("parent"), fd: z.int().nonnegative() }),
  z.object({ from: z.literal("pipe") }),
  z.object({ from: z.literal("null") }),
]);

const Request = z.object({
  file: z.string(),
  argv: z.array(z.string()).readonly(),
  cwd: z.string().startsWith("/"),
  env: z.record(z.string(), z.string()),
  streams: z.array(stream).max(64).readonly(),
  newGroup: z.boolean().optional(),
  group: z.int().positive().optional(),
  channel: z.custom<MessagePort>((port) => port instanceof MessagePort).optional(),
});

interface Streams {
  /** Of the child. */
  readonly files: OpenFile[];
  /** The parent's ends. */
  readonly fds: (number | null)[];
}

/** Starts a child with the streams and in the group that its parent asks for. */
export function spawnChild(kernel: Kernel, parent: Process, untrusted: SpawnRequest): Spawned {
  const parsed = Request.safeParse(untrusted);
  if (!parsed.success) throw callError("EINVAL", "spawn");
  const request = parsed.data;
  checkSize(request.argv, request.env);
  const { files, fds } = openStreams(kernel, parent, request.streams);
  // Whatever happens, they go when nobody holds them any more.
  for (const file of files) hold(file);
  try {
    const group = groupOf(kernel, parent, request);
    const { terminal } = parent;
    const { file, argv, cwd, env, channel = null } = request;
    const child = kernel.spawn({ file, argv, cwd, env, files, parent, group, terminal, channel });
    return { pid: child.pid, fds };
  } catch (error) {
    for (const fd of fds) if (fd !== null) parent.descriptors.close(fd);
    throw error;
  } finally {
    for (const file of files) release(file);
  }
}

function openStreams(kernel: Kernel, parent: Process, streams: readonly ChildStream[]): Streams {
  const files: OpenFile[] = [];
  const fds: (number | null)[] = [];
  try {
    for (const [fd, source] of streams.entries()) {
      const { child, own } = openStream(kernel, parent, source, fd);
      files.push(child);
      fds.push(own === null ? null : parent.descriptors.add(own, "spawn"));
    }
  } catch (error) {
    for (const fd of fds) if (fd !== null) parent.descriptors.close(fd);
    throw error;
  }
  return { files, fds };
}

/** Both ends of one stream. Pipes beyond the first three go both ways, as Node makes them. */
function openStream(
  kernel: Kernel,
  parent: Process,
  source: ChildStream,
  fd: number,
): { child: OpenFile; own: OpenFile | null } {
  switch (source.from) {
    case "null":
      return { child: new NullDevice(), own: null };
    case "parent":
      return { child: parent.descriptors.get(source.fd, "spawn"), own: null };
    case "pipe": {
      if (fd > 2) {
        const { client, server } = connectSockets({ client: 0, server: 0 }, () => kernel.nextIno());
        return { child: server, own: client };
      }
      const pipe = new Pipe();
      const ino = kernel.nextIno();
      const [reader, writer] = [new PipeReader(pipe, ino), new PipeWriter(pipe, ino)];
      return fd === 0 ? { child: reader, own: writer } : { child: writer, own: reader };
    }
  }
}

/** Null: a group of its own. */
function groupOf(
  kernel: Kernel,
  parent: Process,
  { newGroup, group }: { newGroup?: boolean | undefined; group?: number | undefined },
): number | null {
  if (newGroup === true) return null;
  if (group === undefined || group === parent.group) return parent.group;
  // A member that has ended already still makes the group.
  const members = kernel.table.list().filter((process) => process.group === group);
  if (members.every(({ session }) => session !== parent.session)) throw callError("EPERM", "spawn");
  return group;
}

function checkSize(argv: readonly string[], env: Readonly<Record<string, string>>): void {
  let size = 0;
  for (const argument of argv) size += argument.length;
  for (const [name, value] of Object.entries(env)) size += name.length + value.length;
  if (size > ARGUMENTS_MAX_CHARS) throw callError("E2BIG", "spawn");
}
