/**
 * Every limit that both sides of the wire must agree on, with its reason.
 * Units stand in the name: `Ms` is milliseconds, `Bytes` is bytes, `Chars` is UTF-16 code units.
 */

const KIB = 1024;
const MIB = 1024 * KIB;

/** Longest a caller waits for an answer. GPT Actions give up at 45 s, many MCP clients at 60 s. */
export const CALL_WAIT_MAX_MS = 45_000;

/** Time an operation gets when it names none: enough for any file operation on a busy tab. */
export const CALL_TIMEOUT_DEFAULT_MS = 15_000;

/** A call that outlives its deadline is settled by the relay this much later at the latest. */
export const CALL_SETTLE_GRACE_MS = 5_000;

/** With no tab attached, a call waits this long for one that is just reconnecting (reload, deploy). */
export const ATTACH_GRACE_MS = 1_500;

/** Containers of one user; each is a tab to keep open, and a relay that is asked for its state. */
export const CONTAINERS_MAX = 20;

/** Longest name of a container; it stands in the title of a browser's tab. */
export const CONTAINER_NAME_MAX_CHARS = 64;

/** Calls of one container that may be in flight; more would only queue behind the tab's two cores. */
export const CALLS_IN_FLIGHT_MAX = 256;

/** The tab pings this often. Proxies drop silent sockets after 30-100 s. */
export const HEARTBEAT_INTERVAL_MS = 20_000;

/** Without a ping for this long, two heartbeats were missed and the tab counts as gone. */
export const HEARTBEAT_LOST_MS = 45_000;

/** First and last back-off of a reconnect, drawn with full jitter so that a deploy is no stampede. */
export const RECONNECT_MIN_MS = 250;
export const RECONNECT_MAX_MS = 10_000;

/** A tab must say hello this soon after the socket opens, or the relay closes it. */
export const HELLO_TIMEOUT_MS = 5_000;

/** A relay ticket admits one socket, and only this soon after it was issued. */
export const TICKET_TTL_S = 60;

/** Control frames above this are split, so that a large outcome never blocks a small one for long. */
export const FRAGMENT_BYTES = 128 * KIB;

/**
 * Fragments on their way without credit. At 20 ms from end to end 2 MiB are 100 MB a second; and what
 * waits in the browser's socket, which a cancelled call cannot take back, stays that small.
 */
export const FRAGMENT_WINDOW = 16;

/** Fragments for which credit is given at once: often enough that the sender never pauses. */
export const FRAGMENT_CREDIT = 4;

/** One frame, reassembled. Below the 32 MiB limit of a Workers WebSocket message and RPC. */
export const FRAME_MAX_BYTES = 24 * MIB;

/** Frames that may be half received at the same time on one connection; more is an attack. */
export const FRAGMENTED_FRAMES_MAX = 64;

/** Characters of an answer that a GPT takes ("less than 100,000"), and of what it sends. */
export const ACTIONS_ANSWER_MAX_CHARS = 99_999;

/** Body of a REST or MCP request: a 10 MiB file as base64 with room for its JSON. */
export const REQUEST_BODY_MAX_BYTES = 16 * MIB;

/** Largest file that one call reads or writes. */
export const FILE_MAX_BYTES = 10 * MIB;

/** All bytes of a workspace's files in the embedded runtime; a tab has a heap of 2-4 GiB. */
export const WORKSPACE_MAX_BYTES = 512 * MIB;

/** Longest path, as on Linux (PATH_MAX). */
export const PATH_MAX_CHARS = 4_096;

/** Longest shell command line in one call; longer scripts belong in a file. */
export const COMMAND_MAX_CHARS = 100_000;

/** What one stream of a command, or one `read_output`, returns inline: about 3,000 tokens. */
export const OUTPUT_MAX_CHARS = 12_000;

/** Lines that `read_file` returns when it is not told otherwise, and at most. */
export const READ_LINES_DEFAULT = 400;
export const READ_LINES_MAX = 10_000;

/** Characters that `read_file` returns at most: beyond it, models lose the thread. */
export const READ_MAX_CHARS = 16_000;

/** A longer line is cut and marked; minified files would fill the window with one line. */
export const LINE_MAX_CHARS = 2_000;

/** Files that one `read_file` reads; more of them leave each too little of the answer. */
export const READ_FILES_MAX = 20;

/** Bytes of the images in one answer: hosts shrink larger ones, or refuse the whole answer. */
export const IMAGES_MAX_BYTES = 200_000;

/** Entries that `list_files` returns when it is not told otherwise, and at most. */
export const LIST_DEFAULT = 200;
export const LIST_MAX = 5_000;
/** Levels that it descends at most; deeper trees are machines' own. */
export const LIST_DEPTH_MAX = 20;

/** What `search_text` returns when it is not told otherwise, and at most. */
export const SEARCH_DEFAULT = 50;
export const SEARCH_MAX = 2_000;
/** Lines around a match; more of them are read_file's. */
export const SEARCH_CONTEXT_MAX = 20;
/** Longest pattern; a longer one is a file. */
export const SEARCH_PATTERN_MAX_CHARS = 2_000;

/** What `list_checkpoints` returns when it is not told otherwise, and at most. */
export const CHECKPOINTS_LIST_DEFAULT = 20;
export const CHECKPOINTS_LIST_MAX = 500;
/** Paths that a checkpoint in a list names; `path` finds the others. */
export const CHECKPOINT_PATHS_MAX = 5;

/** Paths that one restore takes, and that each list of its answer names. */
export const RESTORE_PATHS_MAX = 100;

/** Commits that `git_status` lists at most; more of the history is git log's. */
export const GIT_LOG_MAX = 100;
/** Paths that each list of a git operation's answer names. */
export const GIT_LISTED_MAX = 200;
/** Files that one `git_commit` names; more of them are all, or a directory. */
export const GIT_FILES_MAX = 200;
/** Characters of the diff in `git_status`: beyond it, models lose the thread, as in READ_MAX_CHARS. */
export const GIT_DIFF_MAX_CHARS = 16_000;

/** Edits of one file in one call; more of them are a new file. */
export const EDITS_MAX = 100;

/** A patch of one call, and the files in it: larger changes are commits, and come by git. */
export const PATCH_MAX_CHARS = 2 * MIB;
export const PATCH_FILES_MAX = 200;

/** Characters of one file's diff in an answer; about 2,000 tokens. */
export const DIFF_MAX_CHARS = 8_000;

/** Syntax errors that an answer names; after the first few, the rest follow from them. */
export const DIAGNOSTICS_MAX = 10;

/** Characters that `read_output` returns at most: no client shows a model more than that. */
export const OUTPUT_READ_MAX_CHARS = 100_000;
/** Lines from the end that `read_output` looks for at most. */
export const OUTPUT_TAIL_MAX_LINES = 10_000;

/** Seconds a call waits for a command when it is not told otherwise; then the command goes on. */
export const COMMAND_TIMEOUT_DEFAULT_S = 30;
/** Seconds `send_input` waits for what a program says to it: prompts come at once. */
export const INPUT_WAIT_DEFAULT_S = 2;
/** Seconds that a caller may ask a call to wait for a process. */
export const WAIT_MAX_S = 45;
/** Milliseconds that it waits at most: CALL_WAIT_MAX_MS less WAIT_OVERHEAD_MS, and some more. */
export const PROCESS_WAIT_MAX_MS = 41_000;
/** Milliseconds around such a wait: the start, stopping what was cancelled, and the way back. */
export const WAIT_OVERHEAD_MS = 3_000;

/** A call's work is told of at most so often: more than clients show, and less than a relay minds. */
export const PROGRESS_EVERY_MS = 1_000;
/** The line that is told; clients show one beside a spinner. */
export const PROGRESS_LINE_MAX_CHARS = 200;

/** Commands that `list_commands` returns when it is not told otherwise, and at most. */
export const HISTORY_DEFAULT = 50;
export const HISTORY_MAX = 500;

/** The text that `send_input` writes at most in one call; more of it belongs in a file. */
export const INPUT_MAX_CHARS = 100_000;

/** Client names are shown in the page; a longer one is cut. */
export const CLIENT_NAME_MAX_CHARS = 64;

/** Ports that a tab tells of; a container with more servers than that is not being worked with. */
export const PORTS_MAX = 64;
