import { GitFailure, fatal } from "../cli/failure.ts";
import type { Signature } from "../objects/commit.ts";
import type { Config } from "./config.ts";
import { now, parseDate } from "./dates.ts";

type Environment = Readonly<Record<string, string>>;
type Role = "author" | "committer";

/** Who acts, by the environment and the configuration (git-commit(1), "Commit information"). */
export class Identities {
  readonly #env: Environment;
  readonly #config: Config;

  constructor(env: Environment, config: Config) {
    this.#env = env;
    this.#config = config;
  }

  author(): Signature {
    return this.#signature("author");
  }

  committer(): Signature {
    return this.#signature("committer");
  }

  /** For the log of a reference, which must not fail for want of a name. */
  forLog(): Signature {
    const { USER = "user", HOSTNAME = "localhost" } = this.#env;
    return {
      name: clean(this.#name("committer") ?? USER),
      email: clean(this.#email("committer") ?? `${USER}@${HOSTNAME}`),
      ...this.#moment("committer"),
    };
  }

  /** A name and an address as `--author` gives them. */
  parse(said: string, date: string | undefined): Signature {
    const [, name, email] = /^\s*(.*?)\s*<([^>]*)>\s*$/.exec(said) ?? [];
    if (name === undefined || email === undefined)
      throw fatal(`--author '${said}' is not 'Name <email>' and matches no existing author`);
    const moment = date === undefined ? this.#moment("author") : this.date(date);
    return { name: clean(name), email: clean(email), ...moment };
  }

  date(said: string): { seconds: number; zone: string } {
    return parseDate(said, this.#env["TZ"]);
  }

  #signature(role: Role): Signature {
    const email = this.#email(role);
    if (email === undefined) throw unknown(role, this.#env);
    const name = this.#name(role);
    if (name === undefined) throw noName(role, email);
    if (clean(name) === "") throw fatal(`empty ident name (for <${email}>) not allowed`);
    return { name: clean(name), email: clean(email), ...this.#moment(role) };
  }

  #name(role: Role): string | undefined {
    const said = this.#env[`GIT_${role.toUpperCase()}_NAME`];
    return said ?? this.#config.get(`${role}.name`) ?? this.#config.get("user.name");
  }

  #email(role: Role): string | undefined {
    const said = this.#env[`GIT_${role.toUpperCase()}_EMAIL`];
    const configured = this.#config.get(`${role}.email`) ?? this.#config.get("user.email");
    return said ?? configured ?? this.#env["EMAIL"];
  }

  #moment(role: Role): { seconds: number; zone: string } {
    const said = this.#env[`GIT_${role.toUpperCase()}_DATE`];
    return said === undefined || said === "" ? now(this.#env["TZ"]) : this.date(said);
  }
}

/** What git takes off both ends of a name, and out of it (ident.c, "crud"). */
function clean(text: string): string {
  const isCrud = (char: string): boolean => char <= " " || ".,:;<>\"\\'".includes(char);
  let [start, end] = [0, text.length];
  while (start < end && isCrud(text.charAt(start))) start += 1;
  while (end > start && isCrud(text.charAt(end - 1))) end -= 1;
  return text.slice(start, end).replaceAll(/[<>\n]/g, "");
}

const advice = `
*** Please tell me who you are.

Run

  git config --global user.email "you@example.com"
  git config --global user.name "Your Name"

to set your account's default identity.
Omit --global to set the identity only in this repository.
`;

function unknown(role: Role, env: Environment): GitFailure {
  const { USER = "user", HOSTNAME = "localhost" } = env;
  const got = `${USER}@${HOSTNAME}.(none)`;
  const title = `${role === "author" ? "Author" : "Committer"} identity unknown`;
  return new GitFailure(
    `${title}\n${advice}\nfatal: unable to auto-detect email address (got '${got}')`,
    128,
  );
}

function noName(role: Role, email: string): GitFailure {
  const title = `${role === "author" ? "Author" : "Committer"} identity unknown`;
  return new GitFailure(
    `${title}\n${advice}\nfatal: empty ident name (for <${email}>) not allowed`,
    128,
  );
}
