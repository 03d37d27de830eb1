import { BootContainer, OpenPort } from "../frame/messages.ts";
import type { FileSystem } from "../kernel/file-system.ts";
import { serveStorage } from "./port/serve-storage.ts";

/**
 * Takes the frame's messages in a kernel worker: the first restores the container's files, each of
 * the others brings a port to be served, which waits until the files are there.
 *
 * @param fail ends the runtime, with words for the person
 */
export function bootKernel(
  files: FileSystem,
  serve: (port: MessagePort) => void,
  fail: (message: string) => void,
): (event: MessageEvent) => void {
  const booted = Promise.withResolvers<void>();
  return ({ data, ports: [port] }) => {
    if (port === undefined) return;
    const boot = BootContainer.safeParse(data);
    if (boot.success) booted.resolve(serveStorage(files, boot.data.container, port, fail));
    else if (OpenPort.safeParse(data).success) void booted.promise.then(() => serve(port));
  };
}
