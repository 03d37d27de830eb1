import "../interpreted-schemas.ts";
import { systemClock } from "../connection/clock.ts";
import { openSocket } from "../connection/socket.ts";
import { fetchTicket } from "../connection/ticket.ts";
import { tabHandlers } from "../dispatch/tab-handlers.ts";
import { MemoryJournal } from "../journal/storage.ts";
import { serveConnections } from "../preview/serve-connections.ts";
import { connectRuntime } from "../runtime/port/connect-runtime.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { Attachment } from "./attachment.ts";
import type { PageMessage, UndoAnswer, WorkerMessage } from "./messages.ts";

/**
 * The connection's own thread: timers and messages of a hidden page are throttled, those of its
 * worker are not. The page starts it, and hands it a way to the runtime.
 */
interface WorkerScope {
  postMessage(message: WorkerMessage, transfer: Transferable[]): void;
  addEventListener(type: "message", listener: (event: MessageEvent<PageMessage>) => void): void;
}

const scope = globalThis as unknown as WorkerScope;
let attachment: Attachment | undefined;
const runtime = Promise.withResolvers<Runtime>();
// Previews wait for it; the page has been told why it did not come.
runtime.promise.catch(() => {});

scope.addEventListener("message", ({ data: message }) => {
  if (message.type === "start") {
    attachment = new Attachment({
      container: message.container,
      clock: systemClock,
      random: Math.random,
      fetchTicket,
      openSocket,
      handlers: tabHandlers,
      // The files are restored after a reload, the journal is not: see MemoryJournal.
      storage: new MemoryJournal(),
      tell: (event) => scope.postMessage(event, []),
    });
  } else if (attachment) {
    pass(attachment, message);
  }
});

function pass(to: Attachment, message: Exclude<PageMessage, { type: "start" }>): void {
  switch (message.type) {
    case "connect":
      void to.start();
      return;
    case "booting":
      to.booting(message.stage);
      return;
    case "ready":
      void connect(to, message.port);
      return;
    case "failed":
      to.failed(message.message);
      return;
    case "preview":
      void runtime.promise.then((booted) =>
        serveConnections(booted, message.port, message.connections),
      );
      return;
    case "undo":
      void undo(to, message);
      return;
    case "online":
      to.online();
      return;
    case "reconnect_now":
      to.reconnectNow();
      return;
    case "stop":
      to.stop();
      // The last word on this link; told here, so that nothing that was told before comes after it.
      scope.postMessage({ kind: "link", link: { state: "taken_over" } }, []);
  }
}

async function undo(
  from: Attachment,
  { checkpoint, agreed, answer }: Extract<PageMessage, { type: "undo" }>,
): Promise<void> {
  const undone: UndoAnswer = await from.undo(checkpoint, agreed);
  answer.postMessage(undone, []);
  answer.close();
}

async function connect(to: Attachment, port: MessagePort): Promise<void> {
  try {
    const connected = await connectRuntime(port);
    runtime.resolve(connected);
    to.ready(connected);
  } catch (error) {
    runtime.reject(error);
    to.failed(error instanceof Error ? error.message : "The runtime does not answer.");
  }
}
