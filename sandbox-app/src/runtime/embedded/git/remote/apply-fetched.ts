import type { Output } from "../cli/output.ts";
import { isAncestor } from "../history/merge-base.ts";
import type { Repository } from "../repository/repository.ts";
import type { FetchedRef } from "./map-refs.ts";
import { prettyRef } from "./refspec.ts";
import { shownUrl } from "./remote-url.ts";

/** Columns of a terminal that nobody has told the width of. */
const COLUMNS = 80;

/** Flag and summary in front of a row, and the arrow in it (git's builtin/fetch.c). */
const ROW_CHARS = 25;

/** Narrowest column of the remote's names. */
const NAME_MIN_CHARS = 10;
const SUMMARY_CHARS = 17;

export interface ApplyOptions {
  readonly repository: Repository;
  readonly output: Output;
  readonly url: string;
  /** In front of what the logs of references say. */
  readonly action: string;
  readonly isForced: boolean;
  readonly isQuiet: boolean;
  readonly isVerbose: boolean;
  /** The branch that HEAD is on may be changed too. */
  readonly updatesHead: boolean;
}

interface Row {
  readonly flag: string;
  readonly summary: string;
  readonly remark?: string;
}

/** Writes what was fetched into references and FETCH_HEAD, and shows the table of it. */
export class AppliedRefs {
  readonly #options: ApplyOptions;
  readonly #width: number;
  #hasHeader = false;
  /** Whether all references could be changed. */
  isComplete = true;

  constructor(options: ApplyOptions, fetched: readonly FetchedRef[]) {
    this.#options = options;
    const { refs } = options.repository;
    const widths = fetched
      .filter(({ local, oid }) => local !== null && refs.resolve(local) !== oid)
      .map(({ name, local }) => ({
        own: prettyRef(name).length,
        other: prettyRef(local ?? "").length,
      }))
      .filter(({ own, other }) => ROW_CHARS + own + other < COLUMNS);
    this.#width = Math.max(NAME_MIN_CHARS, ...widths.map(({ own }) => own));
  }

  async apply(fetched: readonly FetchedRef[]): Promise<void> {
    for (const one of fetched) {
      const row = one.local === null ? fetchedOnly(one) : await this.#update(one, one.local);
      if (row.flag === "!") this.isComplete = false;
      const isShown = row.flag !== "=" || this.#options.isVerbose;
      if (isShown) this.row(row, prettyRef(one.name), prettyRef(one.local ?? "FETCH_HEAD"));
    }
  }

  row({ flag, summary, remark }: Row, name: string, local: string): void {
    const { output, url, isQuiet } = this.#options;
    if (isQuiet && flag !== "!") return;
    if (!this.#hasHeader) output.error(`From ${shownUrl(url)}`);
    this.#hasHeader = true;
    const why = remark === undefined ? "" : `  (${remark})`;
    output.error(
      ` ${flag} ${summary.padEnd(SUMMARY_CHARS)} ${name.padEnd(this.#width)} -> ${local}${why}`,
    );
  }

  async #update({ name, oid, isForced }: FetchedRef, local: string): Promise<Row> {
    const { repository, updatesHead } = this.#options;
    const { refs } = repository;
    const before = refs.resolve(local);
    if (before === oid) return { flag: "=", summary: "[up to date]" };
    const isOwn = local === `refs/heads/${refs.branch ?? ""}` && !repository.isBare;
    if (isOwn && !updatesHead && before !== null)
      return { flag: "!", summary: "[rejected]", remark: "can't fetch into checked-out branch" };
    const mayForce = isForced || this.#options.isForced;
    if (before === null) return this.#create(name, local, oid);
    if (local.startsWith("refs/tags/")) {
      if (!mayForce)
        return { flag: "!", summary: "[rejected]", remark: "would clobber existing tag" };
      this.#write(local, oid, "updating tag");
      return { flag: "t", summary: "[tag update]" };
    }
    const [from, to] = [repository.objects.short(before), repository.objects.short(oid)];
    if (await this.#isForward(before, oid)) {
      this.#write(local, oid, "fast-forward");
      return { flag: " ", summary: `${from}..${to}` };
    }
    if (!mayForce) return { flag: "!", summary: "[rejected]", remark: "non-fast-forward" };
    this.#write(local, oid, "forced-update");
    return { flag: "+", summary: `${from}...${to}`, remark: "forced update" };
  }

  #create(name: string, local: string, oid: string): Row {
    const kind = name.startsWith("refs/tags/")
      ? "tag"
      : name.startsWith("refs/heads/")
        ? "branch"
        : "ref";
    this.#write(
      local,
      oid,
      kind === "tag" ? "storing tag" : `storing ${kind === "ref" ? "ref" : "head"}`,
    );
    return { flag: "*", summary: `[new ${kind}]` };
  }

  #write(local: string, oid: string, what: string): void {
    const { repository, action } = this.#options;
    repository.refs.write(local, oid, `${action}: ${what}`);
  }

  async #isForward(before: string, after: string): Promise<boolean> {
    const { repository } = this.#options;
    const [old, fresh] = [
      await repository.objects.read(before),
      await repository.objects.read(after),
    ];
    if (old.type !== "commit" || fresh.type !== "commit") return false;
    return isAncestor(repository, before, after);
  }
}

function fetchedOnly({ name }: FetchedRef): Row {
  const kind = name.startsWith("refs/tags/")
    ? "tag"
    : name.startsWith("refs/heads/") || name === "HEAD"
      ? "branch"
      : "ref";
  return { flag: "*", summary: kind };
}

/** FETCH_HEAD: what is to be merged first. */
export function fetchHeadText(fetched: readonly FetchedRef[], url: string): string {
  const ordered = [
    ...fetched.filter(({ isForMerge }) => isForMerge),
    ...fetched.filter(({ isForMerge }) => !isForMerge),
  ];
  const seen = new Set<string>();
  return ordered
    .filter(({ name }) => !seen.has(name) && seen.add(name))
    .map(({ name, oid, isForMerge }) => {
      const kind = /^refs\/(heads|tags|remotes)\//.exec(name)?.[1];
      const words = { heads: "branch ", tags: "tag ", remotes: "remote-tracking branch " };
      const what = name === "HEAD" ? "" : kind ? words[kind as keyof typeof words] : "";
      const shown = name === "HEAD" ? "" : `${what}'${prettyRef(name)}' of `;
      return `${oid}\t${isForMerge ? "" : "not-for-merge"}\t${shown}${shownUrl(url)}\n`;
    })
    .join("");
}
