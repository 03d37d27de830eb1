import { PAGE_DATA_ID, PageData } from "#protocol/page-data.ts";

/**
 * What the worker wrote into this document.
 *
 * @throws Error when it is not there, or not what it should be: this is not the worker's document
 */
export function readPageData(): PageData {
  const text = document.getElementById(PAGE_DATA_ID)?.textContent;
  if (text === undefined) throw new Error("This page was not served by Disco's worker.");
  return PageData.parse(JSON.parse(text));
}
