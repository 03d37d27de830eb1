import { buildPage } from "#scripts/disco/page-build.ts";
import { top } from "#scripts/disco/top.ts";

/** The page is a part of what these tests run; it is built once, before all of them. */
export default async function setup(): Promise<void> {
  await buildPage(top, new AbortController().signal);
}
