import { decode } from "../objects/bytes.ts";

/**
 * What a remote says, for a person's terminal: escapes and other controls could write over what is
 * there, so they become question marks. Lines, tabs and the returns of progress stay.
 */
export function plainText(bytes: Uint8Array): string {
  return decode(bytes).replaceAll(
    // oxlint-disable-next-line no-control-regex -- finding control characters is the purpose
    /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/g,
    "?",
  );
}
