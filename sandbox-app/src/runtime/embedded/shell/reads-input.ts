import { callsOnly } from "./guard.ts";

/** Commands that never look at standard input. */
const neverRead = new Set(
  (
    ": [ alias basename break cd chmod continue cp date declare dirname dirs du echo env exit " +
    "export expr false find hostname id let ln local ls mkdir mktemp mv nproc popd printenv printf " +
    "pushd pwd readlink readonly return rm rmdir seq set shift shopt sleep stat test touch tree " +
    "true type typeset umask unalias uname unset wait which whoami"
  ).split(" "),
);

/**
 * Whether a script may read standard input. just-bash takes input as a whole before a script
 * starts; one that cannot read it need not wait until the caller closes it.
 */
export function mayReadInput(source: string): boolean {
  return !callsOnly(source, neverRead);
}
