export type HeaderList = readonly (readonly [name: string, value: string])[];

export interface ResponseHead {
  readonly status: number;
  readonly reason: string;
  /** In their order, names as they were sent. */
  readonly headers: HeaderList;
}

/** What came is no HTTP/1.1 response, or not all of one. */
export class BadResponse extends Error {
  override readonly name = "BadResponse";
}
