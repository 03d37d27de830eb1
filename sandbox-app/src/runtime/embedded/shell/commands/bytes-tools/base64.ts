import { type Command, complain } from "../command.ts";
import { gnuOptions } from "../gnu-options.ts";
import { openInput } from "../input-files.ts";
import { fromByteString, toByteString } from "../bytes.ts";

/** Columns of a line, unless told otherwise (base64(1)). */
const COLUMNS = 76;

const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

interface Coding {
  encode(bytes: Uint8Array): string;
  /** As much as can be decoded, and whether that was everything. */
  decode(text: string): { bytes: Uint8Array; isWhole: boolean };
  readonly alphabet: RegExp;
}

const base64Coding: Coding = {
  encode: (bytes) => btoa(toByteString(bytes)),
  decode: (text) => {
    const good = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2,3}={0,2})?/.exec(text)?.[0] ?? "";
    const bare = good.replace(/=+$/, "");
    return { bytes: fromByteString(atob(bare)), isWhole: good === text };
  },
  alphabet: /[^A-Za-z0-9+/=]/g,
};

const base32Coding: Coding = {
  encode: (bytes) => {
    let bits = Array.from(bytes, (byte) => byte.toString(2).padStart(8, "0")).join("");
    bits = bits.padEnd(Math.ceil(bits.length / 5) * 5, "0");
    const text = (bits.match(/.{5}/g) ?? [])
      .map((group) => BASE32.charAt(Number.parseInt(group, 2)))
      .join("");
    return text.padEnd(Math.ceil(text.length / 8) * 8, "=");
  },
  decode: (text) => {
    const good = /^[A-Z2-7]*/.exec(text)?.[0] ?? "";
    const bits = Array.from(good, (char) => BASE32.indexOf(char).toString(2).padStart(5, "0")).join(
      "",
    );
    const bytes = (bits.match(/.{8}/g) ?? []).map((group) => Number.parseInt(group, 2));
    return { bytes: Uint8Array.from(bytes), isWhole: /^[A-Z2-7]*=*$/.test(text) };
  },
  alphabet: /[^A-Z2-7=]/g,
};

function baseCommand(coding: Coding): Command {
  return async (call) => {
    const { shell } = call;
    const { given, operands, unknown } = gnuOptions(call.args, {
      letters: "diw:",
      long: { decode: "d", "ignore-garbage": "i", wrap: "w" },
    });
    if (unknown !== null) return complain(call, unknown);
    const handle = await openInput(call, operands[0] ?? "-");
    if (handle === null) return 1;
    const bytes = await shell.untilAborted(handle.readAll()).finally(() => handle.release());
    if (given.has("d")) {
      const text = toByteString(bytes).replaceAll("\n", "");
      const { bytes: decoded, isWhole } = coding.decode(
        given.has("i") ? text.replaceAll(coding.alphabet, "") : text,
      );
      await shell.write(1, decoded);
      return isWhole ? 0 : complain(call, "invalid input");
    }
    const text = coding.encode(bytes);
    const columns = Number(given.get("w") ?? COLUMNS);
    if (columns === 0) await shell.print(text);
    else await shell.print(text.replaceAll(new RegExp(`.{1,${columns}}`, "g"), "$&\n"));
    return 0;
  };
}

export const base64 = baseCommand(base64Coding);
export const base32 = baseCommand(base32Coding);
