/** What a caller should know about one kind of error, whichever face it came through. */
export interface ErrorKind {
  /** HTTP status of the REST face (RFC 9110, section 15). */
  readonly status: number;
  /** The same call may succeed later without a change. */
  readonly retryable: boolean;
  /** One line for the problem document's `title` (RFC 9457, section 3.1.3). */
  readonly title: string;
  /** What to do now, in one sentence that a person and a model both understand. */
  readonly next: string;
}
