/** Folder of the workspace that the demo works in and removes afterwards. */
export const DEMO_FOLDER = "demo";

export interface Question {
  readonly text: string;
  /** Command line that answers it, run in the folder of the tree. */
  readonly command: string;
}

/** What a newcomer would ask about a code base, each answered by one pipeline. */
export const questions: readonly Question[] = [
  {
    text: "How many files and lines are there?",
    command: `find . -name '*.ts' | wc -l; find . -name '*.ts' | xargs cat | wc -l`,
  },
  {
    text: "Which modules are the largest?",
    command: `find . -name '*.ts' | xargs wc -l | grep -v total | sort -rn | head -n 5`,
  },
  {
    text: "Which modules does the rest lean on most?",
    command:
      `grep -rhoE 'from "[^"]+"' . | sed -E 's/from "([^"]*\\/)?//; s/"$//' ` +
      `| sort | uniq -c | sort -rn | head -n 5`,
  },
  {
    text: "Which modules import the most others?",
    command: `grep -rcE '^import ' . | sort -t: -k2 -rn | head -n 5`,
  },
  {
    text: "Which languages can its messages speak?",
    command: `ls locales | grep -v index | sed 's/\\.ts$//' | paste -sd ' ' - | fold -sw 90`,
  },
];
