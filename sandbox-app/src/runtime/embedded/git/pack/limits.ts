const MiB = 1024 * 1024;

/** Bytes of a pack that is taken: what the worker passes on. */
export const PACK_MAX_BYTES = 256 * MiB;

/** Bytes of one object: forges take files of 100 MiB at most. */
export const OBJECT_MAX_BYTES = 128 * MiB;

/** Bytes that all objects of a pack come to: one that is made of nothing but zeros must end. */
export const TOTAL_MAX_BYTES = 2048 * MiB;

/** Objects of a pack: what a large repository has, and its list fits into memory. */
export const OBJECTS_MAX = 2_000_000;

/** Fewer objects are kept one by one (git's fetch.unpackLimit). */
export const UNPACK_LIMIT = 100;

/** Milliseconds of work after which others of this process get a turn. */
export const TURN_MS = 50;
