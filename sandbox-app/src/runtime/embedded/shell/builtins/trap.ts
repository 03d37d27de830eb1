import type { SignalName } from "../../kernel/system-calls.ts";
import { settleEnding, settleSignal } from "../run/ending.ts";
import { singleQuoted } from "../expand/quote.ts";
import { pseudoSignals } from "../state/traps.ts";
import type { Shell } from "../state/shell.ts";
import { type Builtin, fail } from "./builtin.ts";
import { signalNamed, signalNames } from "./signals.ts";

/** Name of a condition as `Traps` keeps it: `EXIT`, `INT`; null when there is no such. */
function conditionNamed(text: string): string | null {
  if (text === "0") return "EXIT";
  const upper = text.toUpperCase().replace(/^SIG/, "");
  if (pseudoSignals.includes(upper)) return upper;
  const signal = signalNamed(text);
  return signal === null || signal === 0 ? null : signal.slice(3);
}

export const trap: Builtin = async (call) => {
  const { shell } = call;
  const args = call.args[0] === "--" ? call.args.slice(1) : call.args;
  if (args[0] === "-l") {
    await shell.print(`${signalNames.map(([name, number]) => `${number}) ${name}`).join("\n")}\n`);
    return 0;
  }
  if (args.length === 0 || args[0] === "-p") return show(shell, args.slice(1));
  const [action = "", ...conditions] = args;
  // With one argument, or a number first, all of them are conditions to reset.
  const resets = action === "-" || conditions.length === 0 || /^\d+$/.test(action);
  const named = action !== "-" && resets ? args : conditions;
  let status = 0;
  for (const text of named) {
    const name = conditionNamed(text);
    if (name === null) status = await fail(call, `${text}: invalid signal specification`);
    else change(shell, name, resets ? null : action);
  }
  return status;
};

function change(shell: Shell, name: string, action: string | null): void {
  shell.traps.inherited = new Map();
  if (action === null) shell.traps.actions.delete(name);
  else shell.traps.actions.set(name, action);
  if (name === "EXIT") settleEnding(shell);
  else if (!pseudoSignals.includes(name)) settleSignal(shell, `SIG${name}` as SignalName);
}

async function show(shell: Shell, wanted: readonly string[]): Promise<number> {
  const actions = new Map([...shell.traps.inherited, ...shell.traps.actions]);
  const order = ["EXIT", ...signalNames.map(([name]) => name.slice(3)), "DEBUG", "ERR", "RETURN"];
  const names = wanted.length > 0 ? wanted.map((text) => conditionNamed(text) ?? "") : order;
  for (const name of names) {
    const action = actions.get(name);
    if (action === undefined) continue;
    const shown = pseudoSignals.includes(name) ? name : `SIG${name}`;
    await shell.print(`trap -- ${singleQuoted(action)} ${shown}\n`);
  }
  return 0;
}
