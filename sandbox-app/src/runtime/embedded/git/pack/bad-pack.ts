/** A pack that nobody honest sends. */
export class BadPack extends Error {
  override readonly name = "BadPack";
}
