import type { CallToolResult } from "@modelcontextprotocol/server";
import type { FilePart } from "#protocol/operations/files.ts";
import type { OperationOutput } from "#protocol/registry.ts";

type Output = OperationOutput<"read_file">;
type Entry = NonNullable<Output["files"]>[number];
type Block = CallToolResult["content"][number];

/**
 * What `read_file` read, for a model: numbered text, and images as images. The data for programs is
 * exact, but for the bytes of images, which are in their blocks: a model would read them as text.
 */
export function fileResult(output: Output): CallToolResult {
  const { files } = output;
  if (files === undefined) {
    return { content: blocksOf(output as FilePart), structuredContent: withoutImage(output) };
  }
  return {
    content: files.flatMap((file) => entryBlocks(file)),
    structuredContent: { files: files.map((file) => withoutImage(file)) },
  };
}

function withoutImage<File extends { image?: string | null | undefined }>(file: File): File {
  return typeof file.image === "string" ? { ...file, image: null } : file;
}

/** One of several files, below its name. */
function entryBlocks(file: Entry): Block[] {
  const heading = `==> ${file.path} <==\n`;
  if (file.error !== undefined) return [{ type: "text", text: `${heading}${file.error}` }];
  return blocksOf(file as FilePart, heading);
}

function blocksOf(file: FilePart, heading = ""): Block[] {
  const { image, media_type: mimeType } = file;
  const text: Block = { type: "text", text: heading + textOf(file) };
  return image === null ? [text] : [text, { type: "image", data: image, mimeType }];
}

function textOf(file: FilePart): string {
  switch (file.encoding) {
    case "base64":
      return file.text;
    case "none":
      return binaryText(file);
    case "utf8":
      return numberedText(file);
  }
}

/** What there is instead of text, and how to get at it. */
function binaryText({ path, media_type: type, bytes, image }: FilePart): string {
  const about = `${path}: ${type}, ${bytes} bytes`;
  if (image !== null) return `${about}.`;
  const next = type.startsWith("image/")
    ? "Too large to be shown here: make a smaller copy with a program, at most 1280 pixels wide, and read that."
    : "No text: look at it with run_command (xxd), or read it with encoding base64.";
  return `${about}. ${next}`;
}

/** Numbered as by `cat -n`, so that the model can name lines. */
function numberedText(file: FilePart): string {
  if (file.total_lines === 0) return `${file.path} is empty.`;
  if (file.start === 0) return `${file.path} has ${file.total_lines} lines; none in this range.`;
  const numbered = file.text
    .replace(/\n$/, "")
    .split("\n")
    .map((line, index) => `${String(file.start + index).padStart(6)}\t${line}`)
    .join("\n");
  const range = `Lines ${file.start}-${file.end} of ${file.total_lines}.`;
  const more = file.next_offset === null ? "" : ` Continue with offset ${file.next_offset}.`;
  const cut = file.cut_lines === 0 ? "" : ` ${file.cut_lines} long lines were cut.`;
  return `${numbered}\n\n${range}${more}${cut}`;
}
