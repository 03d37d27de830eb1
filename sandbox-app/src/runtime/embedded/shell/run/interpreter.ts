import { expandBodyText, expandPattern, expandText, wordPieces } from "../expand/word.ts";
import { dispatch } from "./dispatch.ts";
import { runNode, runStatements } from "./execute.ts";
import type { Interpreter } from "./shell-process.ts";
import { processSubstitution, substitute } from "./substitute.ts";
import { runText } from "./text.ts";
import { runTrap } from "./trap.ts";

/** The parts of the interpreter, put together. */
export const interpreter: Interpreter = {
  expand: {
    text: expandText,
    pattern: expandPattern,
    pieces: wordPieces,
    bodyText: expandBodyText,
  },
  node: runNode,
  statements: runStatements,
  text: runText,
  substitute,
  processSubstitution,
  command: (shell, argv, options) =>
    dispatch(shell, { argv, assignments: options?.assignments ?? new Map() }, options),
  trap: runTrap,
};
