import type { Grant, Wish } from "../../tab/page-api.ts";
import { isCovered } from "./network-words.ts";

/** Wishes that are shown; programs may invent any number. */
const SHOWN_MAX = 32;

/**
 * The wishes as they are shown. What is there keeps its place, so that nothing moves below a pointer;
 * what is new comes last, and what has come true goes.
 */
export function mergeWishes(
  shown: readonly Wish[],
  told: readonly Wish[],
  grants: readonly Grant[],
): readonly Wish[] {
  const latest = new Map(told.map((wish) => [wish.host, wish]));
  const known = new Set(shown.map(({ host }) => host));
  const kept = shown.map((wish) => latest.get(wish.host) ?? wish);
  const fresh = told.filter(({ host }) => !known.has(host));
  return [...kept, ...fresh].filter(({ host }) => !isCovered(host, grants)).slice(0, SHOWN_MAX);
}
