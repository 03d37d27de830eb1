import type { Keyspace } from "./keyspace.ts";
import { notAnInteger } from "./reply-error.ts";

/** What Redis answers, as JSON (Upstash REST protocol: bulk strings are strings). */
export type Reply = string | number | null | string[];

/** One command: how many arguments it takes, its name aside, and what it does. */
export interface CommandDefinition {
  readonly min: number;
  /** Infinity when any number may follow. */
  readonly max: number;
  /** @throws ReplyError */
  readonly run: (keys: Keyspace, args: readonly string[]) => Reply;
}

export type CommandTable = Readonly<Record<string, CommandDefinition>>;

/** @throws ReplyError unless the text is a 64 bit integer that JavaScript holds exactly */
export function parseInteger(text: string | undefined): number {
  const value = Number(text);
  if (text === undefined || !/^-?\d+$/.test(text) || !Number.isSafeInteger(value)) {
    throw notAnInteger();
  }
  return value;
}
