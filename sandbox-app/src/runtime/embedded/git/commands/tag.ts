import { fatal } from "../cli/failure.ts";
import { type Arguments, OptionTable, parseArguments } from "../cli/options.ts";
import { cleanMessage, formatTag, parseTag, subjectOf } from "../objects/commit.ts";
import { decode } from "../objects/bytes.ts";
import { isRefName } from "../refs/refs.ts";
import type { GitCommand, GitContext } from "../repository/context.ts";
import { absolute } from "../repository/repository.ts";
import { globPattern } from "../worktree/glob.ts";

const options = new OptionTable(
  "a|annotate s|sign d|delete l|list f|force m|message= F|file= n=? sort= points-at= contains=? no-color",
);

export const tag: GitCommand = async (context, words) => {
  const args = parseArguments(options, words);
  if (args.has("sign")) throw fatal("signing tags is not supported here; use git tag -a");
  if (args.has("delete")) return remove(context, args.words);
  const isList =
    args.words.length === 0 || ["list", "points-at", "n"].some((name) => args.has(name));
  if (isList) return list(context, args.words, args.has("n"), args.value("points-at"));
  const { refs, objects } = context.repository;
  const [name = "", said = "HEAD"] = args.words;
  if (!isRefName(name)) throw fatal(`'${name}' is not a valid tag name.`);
  const full = `refs/tags/${name}`;
  const before = refs.resolve(full);
  if (before !== null && !args.has("force")) throw fatal(`tag '${name}' already exists`);
  const target = await context.revisions.find(said);
  if (target === null) throw fatal(`Failed to resolve '${said}' as a valid ref.`);
  const isAnnotated = ["annotate", "message", "file"].some((one) => args.has(one));
  const oid = isAnnotated ? await annotate(context, args, name, target) : target;
  refs.write(full, oid, "tag");
  if (before !== null && before !== oid)
    context.output.line(`Updated tag '${name}' (was ${objects.short(before)})`);
  return 0;
};

/** An object of the tag's own, with a message. */
async function annotate(
  context: GitContext,
  args: Arguments,
  name: string,
  target: string,
): Promise<string> {
  const { objects, identities } = context.repository;
  const said = await messageOf(context, args.values("message"), args.value("file"));
  const message = cleanMessage(said, false);
  if (message === "") throw fatal("no tag message?");
  const { type } = await objects.read(target);
  const tagger = identities.committer();
  return objects.write("tag", formatTag({ object: target, type, name, tagger, message }));
}

async function messageOf(
  context: GitContext,
  said: readonly string[],
  file: string | undefined,
): Promise<string> {
  if (said.length > 0) return said.join("\n\n");
  if (file === "-") return decode(await context.readInput());
  const text = file === undefined ? undefined : context.disk.readText(absolute(context.cwd, file));
  if (text === undefined) throw fatal("there is no editor here; give the message by -m or -F");
  return text;
}

function remove({ repository, output }: GitContext, names: readonly string[]): number {
  let code = 0;
  for (const name of names) {
    const oid = repository.refs.resolve(`refs/tags/${name}`);
    if (oid === null) {
      output.error(`error: tag '${name}' not found.`);
      code = 1;
      continue;
    }
    repository.refs.delete(`refs/tags/${name}`);
    output.line(`Deleted tag '${name}' (was ${repository.objects.short(oid)})`);
  }
  return code;
}

async function list(
  context: GitContext,
  patterns: readonly string[],
  hasText: boolean,
  pointsAt: string | undefined,
): Promise<number> {
  const { repository, output } = context;
  const wanted = pointsAt === undefined ? null : await context.revisions.get(pointsAt);
  const tests = patterns.map((pattern) => new RegExp(`^${globPattern(pattern, true)}$`));
  for (const { name, oid } of repository.refs.list("refs/tags/")) {
    const short = name.slice("refs/tags/".length);
    if (tests.length > 0 && !tests.some((test) => test.test(short))) continue;
    if (wanted !== null && oid !== wanted && (await context.revisions.peel(oid, "")) !== wanted)
      continue;
    if (!hasText) {
      output.line(short);
      continue;
    }
    const { type, content } = await repository.objects.read(oid);
    const text =
      type === "tag" ? parseTag(content).message : (await context.revisions.commit(oid)).message;
    output.line(`${short.padEnd(15)} ${subjectOf(text)}`);
  }
  return 0;
}
