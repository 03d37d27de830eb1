/** What was received, in the words of Node's `ERR_INVALID_ARG_TYPE`. */
export function describeReceived(value: unknown): string {
  if (value === null || value === undefined) return ` Received ${String(value)}`;
  if (typeof value === "function") {
    return value.name === "" ? " Received function " : ` Received function ${value.name}`;
  }
  if (typeof value === "object") {
    const name = (value as { constructor?: { name?: string } }).constructor?.name;
    if (name !== undefined && name !== "") return ` Received an instance of ${name}`;
    return " Received [Object: null prototype] {}";
  }
  return ` Received type ${typeof value} (${shown(value)})`;
}

/** A primitive as `util.inspect` shows it, cut to 25 characters as Node's messages are. */
function shown(value: unknown): string {
  const text =
    typeof value === "string"
      ? `'${value}'`
      : typeof value === "bigint"
        ? `${value}n`
        : Object.is(value, -0)
          ? "-0"
          : String(value);
  return text.length > 28 ? `${text.slice(0, 25)}...` : text;
}

/** `2147483648` as `2_147_483_648`, as Node writes numbers in `ERR_OUT_OF_RANGE`. */
export function withSeparators(value: unknown): string {
  const digits = String(value);
  if (typeof value !== "number" && typeof value !== "bigint") {
    return typeof value === "string" ? `'${value}'` : digits;
  }
  const large = typeof value === "bigint" || (Number.isInteger(value) && Math.abs(value) > 2 ** 32);
  const grouped = large ? digits.replaceAll(/(?<=\d)(?=(?:\d{3})+$)/g, "_") : digits;
  return typeof value === "bigint" ? `${grouped}n` : grouped;
}
