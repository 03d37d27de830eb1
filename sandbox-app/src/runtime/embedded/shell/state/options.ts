/** `set -o` names with their letters (bash manual, "The Set Builtin"); null: no letter. */
export const setOptions: ReadonlyMap<string, string | null> = new Map([
  ["allexport", "a"],
  ["braceexpand", "B"],
  ["emacs", null],
  ["errexit", "e"],
  ["errtrace", "E"],
  ["functrace", "T"],
  ["hashall", "h"],
  ["histexpand", "H"],
  ["history", null],
  ["ignoreeof", null],
  ["interactive-comments", null],
  ["keyword", "k"],
  ["monitor", "m"],
  ["noclobber", "C"],
  ["noexec", "n"],
  ["noglob", "f"],
  ["nolog", null],
  ["notify", "b"],
  ["nounset", "u"],
  ["onecmd", "t"],
  ["physical", "P"],
  ["pipefail", null],
  ["posix", null],
  ["privileged", "p"],
  ["verbose", "v"],
  ["vi", null],
  ["xtrace", "x"],
]);

const setDefaults = ["braceexpand", "hashall", "interactive-comments"];

/** `shopt` names that have an effect here, and those that scripts set without harm. */
export const shoptNames: readonly string[] = (
  "autocd cdable_vars cdspell checkhash checkjobs checkwinsize cmdhist compat31 compat32 compat40 compat41 " +
  "compat42 compat43 compat44 complete_fullquote direxpand dirspell dotglob execfail expand_aliases " +
  "extdebug extglob extquote failglob force_fignore globasciiranges globskipdots globstar gnu_errfmt " +
  "histappend histreedit histverify hostcomplete huponexit inherit_errexit interactive_comments lastpipe " +
  "lithist localvar_inherit localvar_unset login_shell mailwarn no_empty_cmd_completion nocaseglob " +
  "nocasematch noexpand_translation nullglob patsub_replacement progcomp progcomp_alias promptvars " +
  "restricted_shell shift_verbose sourcepath varredir_close xpg_echo"
).split(" ");

const shoptDefaults = (
  "checkwinsize cmdhist complete_fullquote extquote force_fignore globasciiranges globskipdots hostcomplete " +
  "interactive_comments patsub_replacement progcomp promptvars sourcepath"
).split(" ");

/** Options of `set` and `shopt` that are on. */
export class Options {
  readonly set: Set<string>;
  readonly shopt: Set<string>;

  constructor(set: Iterable<string> = setDefaults, shopt: Iterable<string> = shoptDefaults) {
    this.set = new Set(set);
    this.shopt = new Set(shopt);
  }

  copy(): Options {
    return new Options(this.set, this.shopt);
  }

  /** `$-` */
  letters(isInteractive: boolean, how: string): string {
    const on = [...setOptions].flatMap(([name, letter]) =>
      letter !== null && this.set.has(name) ? [letter] : [],
    );
    if (isInteractive) on.push("i");
    return on.toSorted(byCodeUnitLowerFirst).join("") + how;
  }
}

function byCodeUnitLowerFirst(a: string, b: string): number {
  const rank = (letter: string): number =>
    letter.charCodeAt(0) + (/[a-z]/.test(letter) ? 0 : 1_000);
  return rank(a) - rank(b);
}

export function optionOfLetter(letter: string): string | undefined {
  for (const [name, known] of setOptions) if (known === letter) return name;
  return undefined;
}
