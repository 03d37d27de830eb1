import { computed, type ComputedRef } from "vue";
import { useAccount } from "../account/account-store.ts";
import { useActivity } from "../activity/activity-store.ts";
import { useUndo } from "../activity/undo-store.ts";
import { undoTitle } from "../activity/undo-words.ts";
import { useDocuments } from "../files/documents-store.ts";
import { useFiles } from "../files/files-store.ts";
import { knownFiles } from "../files/tree.ts";
import { useLayout } from "../layout/layout-store.ts";
import type { SizedPanel } from "../layout/layout.ts";
import { useNetwork } from "../network/network-store.ts";
import { useProcesses } from "../processes/processes-store.ts";
import { useSession } from "../session/session-store.ts";
import { useStorage } from "../storage/storage-store.ts";
import { useTerminals } from "../terminal/terminals-store.ts";
import { visibleLine } from "../text/visible.ts";
import { useTheme } from "../theme/theme-store.ts";
import { themes } from "../theme/theme.ts";

/** One thing that the palette can do. */
export interface Command {
  readonly id: string;
  readonly title: string;
  readonly keys?: string;
  run(): unknown;
}

/** What can be done now: the page's commands, then the files that are known. */
export function useCommands(): ComputedRef<readonly Command[]> {
  const sources = [
    useStateCommands(),
    useUndoCommands(),
    usePanelCommands(),
    useFileCommands(),
    useProcessesCommands(),
    useNetworkCommands(),
    useStorageCommands(),
    useAccountCommands(),
    usePageCommands(),
  ];
  return computed(() => sources.flatMap((source) => source.value));
}

function useStateCommands(): ComputedRef<readonly Command[]> {
  const session = useSession();
  return computed(() => {
    const { action } = session.status;
    if (action === null) return [];
    return [{ id: "state", title: action.label, run: () => session.act(action.does) }];
  });
}

/** The latest call that can be taken back. */
function useUndoCommands(): ComputedRef<readonly Command[]> {
  const undo = useUndo();
  const layout = useLayout();
  return computed(() => {
    const row = undo.latest;
    if (row === null) return [];
    const run = async () => {
      // What comes of it is told there.
      await layout.focus("activity");
      await undo.press(row);
    };
    return [{ id: "undo", title: undoTitle(row, "Undo"), run }];
  });
}

function usePanelCommands(): ComputedRef<readonly Command[]> {
  const layout = useLayout();
  const terminals = useTerminals();
  return computed(() => {
    const { collapsed } = layout.layout;
    const toggle = (panel: SizedPanel, name: string): Command => ({
      id: `toggle-${panel}`,
      title: `${collapsed[panel] ? "Show" : "Hide"} ${name}`,
      run: () => layout.collapse(panel, !collapsed[panel]),
    });
    const going: Command[] = [
      { id: "activity", title: "Go to Activity", keys: "F6", run: () => layout.focus("activity") },
      { id: "files", title: "Go to Files", keys: "F6", run: () => layout.focus("files") },
      {
        id: "terminal",
        title: "Go to Terminal",
        keys: "Ctrl `",
        run: () => layout.focus("terminal"),
      },
      {
        id: "new-terminal",
        title: "New terminal",
        run: () => {
          terminals.add();
          return layout.focus("terminal");
        },
      },
    ];
    const hasPreview = layout.present.includes("preview");
    if (hasPreview) {
      going.push({
        id: "preview",
        title: "Go to Preview",
        keys: "F6",
        run: () => layout.focus("preview"),
      });
    }
    if (layout.narrow) return going;
    return [
      ...going,
      toggle("activity", "Activity"),
      toggle("tree", "file tree"),
      toggle("terminal", "Terminal"),
      ...(hasPreview ? [toggle("preview", "Preview")] : []),
    ];
  });
}

function useFileCommands(): ComputedRef<readonly Command[]> {
  const files = useFiles();
  const documents = useDocuments();
  const layout = useLayout();
  return computed(() => {
    const { active } = documents;
    const own: Command[] = [
      {
        id: "follow",
        title: files.following ? "Stop following calls" : "Follow calls",
        run: () => files.follow(!files.following),
      },
    ];
    if (active?.dirty) {
      own.push({ id: "save", title: "Save file", keys: "Ctrl S", run: () => documents.save() });
    }
    if (active && !active.dirty) {
      own.push({ id: "close", title: "Close file", run: () => documents.close(active.path) });
    }
    const open = (files.tree ? knownFiles(files.tree) : []).map((path) => ({
      id: path,
      title: `Open ${visibleLine(path.slice(files.root.length).replace(/^\//, ""))}`,
      run: async () => {
        layout.show("files");
        await documents.show(path);
        await files.reveal(path);
      },
    }));
    return [...own, ...open];
  });
}

function useProcessesCommands(): ComputedRef<readonly Command[]> {
  const processes = useProcesses();
  return computed(() => {
    if (processes.runtime === null) return [];
    const run = () => {
      processes.isOpen = true;
    };
    return [{ id: "processes", title: "Show processes", run }];
  });
}

function useNetworkCommands(): ComputedRef<readonly Command[]> {
  const network = useNetwork();
  const show = { id: "network", title: "Network access", run: () => network.show() };
  return computed(() => (network.network === null ? [] : [show]));
}

function useAccountCommands(): ComputedRef<readonly Command[]> {
  const account = useAccount();
  const show = { id: "account", title: "Account and clients", run: () => account.show() };
  return computed(() => (account.person === null ? [] : [show]));
}

function useStorageCommands(): ComputedRef<readonly Command[]> {
  const storage = useStorage();
  const session = useSession();
  return computed(() => {
    if (storage.storage === null) return [];
    const name = session.tab?.identity.container.name ?? "workspace";
    const open = () => {
      storage.isOpen = true;
    };
    return [
      { id: "storage", title: "Storage: what is saved", run: open },
      {
        id: "export",
        title: "Export the workspace as zip",
        run: () => void storage.exportZip(name, false),
      },
      { id: "import", title: "Import a zip into the workspace", run: open },
      { id: "reset", title: "Reset the container", run: open },
    ];
  });
}

function usePageCommands(): ComputedRef<readonly Command[]> {
  const session = useSession();
  const activity = useActivity();
  const theme = useTheme();
  return computed(() => {
    const commands: Command[] = themes.map((name) => ({
      id: `theme-${name}`,
      title: `Theme: ${name}`,
      run: () => theme.choose(name),
    }));
    commands.push({ id: "clear", title: "Clear finished calls", run: () => activity.clearEnded() });
    const config = session.tab?.config;
    if (config === undefined) return commands;
    return [
      ...commands,
      {
        id: "copy-mcp",
        title: "Copy MCP URL",
        run: () => navigator.clipboard.writeText(config.mcp_url),
      },
      {
        id: "docs",
        title: "Open API docs",
        run: () => window.open(config.docs_url, "_blank", "noopener"),
      },
    ];
  });
}
