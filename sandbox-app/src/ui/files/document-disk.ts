import type { Files } from "../../runtime/runtime.ts";
import { type Content, decodeContent, type Document, withDisk } from "./documents.ts";

/** The open documents as this part needs them. */
export interface OpenDocuments {
  find(path: string): Document | null;
  put(document: Document): void;
  /** What the editor holds now, with the file's own line breaks; null when it does not show it. */
  textOf(path: string): string | null;
}

/** Carries open documents from and to the workspace. Methods reject with a FileError. */
export class DocumentDisk {
  readonly #documents: OpenDocuments;
  readonly #workspace: () => Files | undefined;
  readonly #saving = new Set<string>();

  constructor(documents: OpenDocuments, workspace: () => Files | undefined) {
    this.#documents = documents;
    this.#workspace = workspace;
  }

  /** Null when there is no workspace yet. */
  async read(path: string): Promise<Content | null> {
    const bytes = await this.#workspace()?.read(path);
    return bytes === undefined ? null : decodeContent(bytes);
  }

  /** Writes the editor's text over whatever the file holds now. */
  async save(path: string): Promise<void> {
    const document = this.#documents.find(path);
    const text = this.#documents.textOf(path);
    const workspace = this.#workspace();
    if (document?.disk.kind !== "text" || text === null || !workspace) return;
    const disk: Content = { ...document.disk, text };
    this.#saving.add(path);
    try {
      await workspace.write(path, new TextEncoder().encode(text));
      const dirty = this.#documents.textOf(path) !== text;
      this.#documents.put({ ...document, disk, dirty, conflict: "none" });
    } finally {
      this.#saving.delete(path);
    }
    await this.refresh(path);
  }

  /** Drops the person's text for what the disk holds. */
  async reload(path: string): Promise<void> {
    const disk = await this.read(path);
    const document = this.#documents.find(path);
    if (disk && document) {
      this.#documents.put({ ...document, disk, dirty: false, conflict: "none" });
    }
  }

  /** The disk may say something new. One's own save is no news. */
  async refresh(path: string): Promise<void> {
    if (this.#saving.has(path)) return;
    const disk = await this.read(path).catch(() => null);
    const document = this.#documents.find(path);
    if (disk && document && !this.#saving.has(path)) {
      this.#documents.put(withDisk(document, disk));
    }
  }
}
