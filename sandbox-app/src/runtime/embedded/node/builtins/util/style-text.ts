import { invalidArgType, invalidArgValue } from "../errors/node-error.ts";
import { validateString } from "../errors/validate.ts";

/** SGR codes: on and off (ECMA-48, section 8.3.117). `util.inspect.colors`. */
export type ColorTable = Record<string, [number, number]>;

function codesOf(name: unknown, colors: ColorTable): [number, number] {
  const codes = typeof name === "string" ? colors[name] : undefined;
  if (codes !== undefined) return codes;
  const names = Object.keys(colors)
    .map((each) => `'${each}'`)
    .join(", ");
  throw invalidArgValue("format", name, `must be one of: ${names}`);
}

/** `util.styleText`. Colors are left out where the stream is not a terminal, as Node does. */
export function createStyleText(
  colors: ColorTable,
  hasColors: (stream: unknown) => boolean,
): (format: unknown, text: string, options?: Record<string, unknown>) => string {
  return (format, text, options = {}) => {
    validateString(text, "text");
    const { validateStream = true, stream } = options;
    if (typeof validateStream !== "boolean") {
      throw invalidArgType("options.validateStream", "of type boolean", validateStream);
    }
    const names: unknown[] = Array.isArray(format) ? format : [format];
    let open = "";
    let close = "";
    let inner = text;
    for (const name of names) {
      if (name === "none") continue;
      const [on, off] = codesOf(name, colors);
      open += `\u001B[${on}m`;
      close = `\u001B[${off}m${close}`;
      inner = inner.replaceAll(`\u001B[${off}m`, `\u001B[${off}m\u001B[${on}m`);
    }
    return validateStream && !hasColors(stream) ? text : `${open}${inner}${close}`;
  };
}
