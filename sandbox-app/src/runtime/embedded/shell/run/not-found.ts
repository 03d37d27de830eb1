/*
 * Programs that people and agents ask for, and that cannot be here. They are not on PATH, so that
 * `command -v` tells the truth; who runs one hears what to use instead.
 */

const packages =
  "packages of the system cannot be installed here: use npm install (pure JavaScript or WebAssembly)";
const editors =
  "there is no full-screen editor in this container: edit in the page's editor, or write the file with cat > FILE <<'EOF', sed -i or node";

const missing: Readonly<Record<string, string>> = {
  apt: packages,
  "apt-get": packages,
  apk: packages,
  brew: packages,
  dnf: packages,
  yum: packages,
  cargo: "there is no Rust here: the container runs JavaScript and TypeScript (node, npm, npx)",
  docker:
    "this container lives in a browser tab and cannot run others: start the program itself, with node or npm",
  emacs: editors,
  gcc: "there is no C compiler here: look for a package on npm that is built to WebAssembly",
  go: "there is no Go here: the container runs JavaScript and TypeScript (node, npm, npx)",
  make: "there is no make here: put the commands into scripts of package.json, and use npm run",
  nano: editors,
  pip: "there is no Python here: use node, and npm install for packages",
  pip3: "there is no Python here: use node, and npm install for packages",
  python: "there is no Python here: the container runs JavaScript and TypeScript (node, npm, npx)",
  python3: "there is no Python here: the container runs JavaScript and TypeScript (node, npm, npx)",
  sudo: "there is no root in this container; run the command without sudo, everything below your home directory is yours",
  ssh: "there are no raw connections to other hosts here: use HTTP (curl, node's fetch) to hosts that the person has allowed",
  systemctl: "there are no services here: start a program with & and see it with jobs and ps",
  vi: editors,
  vim: editors,
};

/** What to use instead of a program that is not there; null when there is nothing to say. */
export function insteadOf(name: string): string | null {
  return Object.hasOwn(missing, name) ? (missing[name] ?? null) : null;
}
