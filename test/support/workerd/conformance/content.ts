import type { CallToolResult } from "@modelcontextprotocol/server";

type Block = CallToolResult["content"][number];

/** One red pixel. */
export const PNG =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==";

/** A header of RIFF, and no samples. */
const WAV = "UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAIA+AAACABAAZGF0YQAAAAA=";

export const textBlock = (text: string): Block => ({ type: "text", text });
export const imageBlock: Block = { type: "image", data: PNG, mimeType: "image/png" };
export const audioBlock: Block = { type: "audio", data: WAV, mimeType: "audio/wav" };

export function resourceBlock(uri: string, mimeType: string, text: string): Block {
  return { type: "resource", resource: { uri, mimeType, text } };
}

export const result = (...content: Block[]): CallToolResult => ({ content });
export const say = (text: string): CallToolResult => result(textBlock(text));
