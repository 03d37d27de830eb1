import { readdir, readFile } from "node:fs/promises";

/** A snippet of shell with its name; both are told by a line `### name` above the snippet. */
export interface ShellCase {
  readonly name: string;
  readonly source: string;
  /** Standard error is compared too: the name ends in `[stderr]`. */
  readonly comparesErrors: boolean;
}

/** Reads all snippets below a folder of `*.cases` files. */
export async function readCases(folder: URL): Promise<ShellCase[]> {
  const files = (await readdir(folder)).filter((name) => name.endsWith(".cases")).toSorted();
  const texts = await Promise.all(files.map((name) => readFile(new URL(name, folder), "utf8")));
  return texts.flatMap((text, index) => casesIn(text, (files[index] ?? "").replace(".cases", "")));
}

function casesIn(text: string, group: string): ShellCase[] {
  return text
    .split(/^### /m)
    .slice(1)
    .map((block) => {
      const end = block.indexOf("\n");
      const title = block.slice(0, end).trim();
      const comparesErrors = title.endsWith("[stderr]");
      const name = `${group}: ${title.replace(/ \[stderr\]$/, "")}`;
      return { name, source: block.slice(end + 1).replace(/\n+$/, "\n"), comparesErrors };
    });
}
