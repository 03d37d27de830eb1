import { parseTag } from "../objects/commit.ts";
import type { Repository } from "../repository/repository.ts";

/** Which names point to a commit, as ` (HEAD -> main, tag: v1)`. */
export async function readDecorations(repository: Repository): Promise<Map<string, string>> {
  const { refs, objects } = repository;
  const names = new Map<string, string[]>();
  const add = (oid: string, name: string): void => {
    names.set(oid, [...(names.get(oid) ?? []), name]);
  };
  const { head, branch } = refs;
  if (head !== null) add(head, branch === null ? "HEAD" : `HEAD -> ${branch}`);
  for (const { name, oid } of refs.list("refs/tags/").toReversed()) {
    const object = await objects.read(oid);
    const target = object.type === "tag" ? parseTag(object.content).object : oid;
    add(target, `tag: ${name.slice("refs/tags/".length)}`);
  }
  for (const { name, oid } of refs.list("refs/remotes/").toReversed())
    add(oid, name.slice("refs/remotes/".length));
  for (const { name, oid } of refs.list("refs/heads/").toReversed()) {
    if (name !== `refs/heads/${branch}`) add(oid, name.slice("refs/heads/".length));
  }
  return new Map([...names].map(([oid, all]) => [oid, ` (${all.join(", ")})`]));
}
