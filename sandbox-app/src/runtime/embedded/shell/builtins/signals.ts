import { type SignalName, SignalNumber } from "../../kernel/system-calls.ts";

export const signalNames = Object.entries(SignalNumber) as readonly [SignalName, number][];

/** A signal by number or by name, with or without SIG; 0 asks only whether the process is there. */
export function signalNamed(text: string): SignalName | 0 | null {
  if (text === "0") return 0;
  if (/^\d+$/.test(text))
    return signalNames.find(([, number]) => number === Number(text))?.[0] ?? null;
  const name = text.toUpperCase().replace(/^(?!SIG)/, "SIG");
  return signalNames.find(([known]) => known === name)?.[0] ?? null;
}
