import * as z from "zod";
import { CONTAINER_NAME_MAX_CHARS } from "../limits.ts";
import { defineOperation } from "../operation.ts";

/** A store that answers takes milliseconds; asking each container's relay a little more. */
const DIRECTORY_TIMEOUT_MS = 10_000;

/** The person reads it in the page and in titles, so nothing in it may be invisible. */
const containerName = z
  .string()
  .trim()
  .min(1)
  .max(CONTAINER_NAME_MAX_CHARS)
  .regex(/^[^\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]*$/u, "must not contain control characters")
  .describe("What the person calls it.");

const container = z.string().describe("Id of the container.");
const name = z.string().describe("What the person calls it.");
const openUrl = z
  .string()
  .describe("Page that the user opens to run it, in a browser that is signed in.");
const created = z.string().describe("Date and time, ISO 8601 in UTC.");

/** Only REST offers them: an agent works in the container that its person gave it. */
const managed = {
  noun: "containers",
  runs: "directory",
  faces: ["rest"],
  timeoutMs: DIRECTORY_TIMEOUT_MS,
} as const;

export const createContainer = defineOperation({
  ...managed,
  name: "create_container",
  title: "Create a container",
  description:
    "Creates a container with an empty workspace of its own, beside those that the user has. It runs " +
    "once the user opens open_url. Returns its id, name and open_url.",
  input: z.object({ name: containerName.default("untitled") }),
  output: z.object({ container, name, open_url: openUrl, created }),
  example: { name: "Second project" },
  scope: "containers:write",
  hints: { readOnly: false, destructive: false, idempotent: false, openWorld: false },
  approval: "policy",
  http: { method: "POST", path: "/containers", success: 201 },
  errors: ["store_unavailable", "too_many_containers"],
  summarize: (input) => `Created the container ${input.name}`,
});

export const listContainers = defineOperation({
  ...managed,
  name: "list_containers",
  title: "List containers",
  description:
    "Lists the user's own containers, the oldest first. Returns each with its id, name, state and " +
    "open_url, which one `current` names, how many there are, and how many there may be.",
  input: z.object({}),
  output: z.object({
    containers: z.array(
      z.object({
        container,
        name,
        state: z
          .enum(["waiting_for_tab", "booting", "ready", "error", "unknown"])
          .describe("As in container_status; unknown: its relay did not answer in time."),
        current: z.boolean().describe("`current` names this one."),
        open_url: openUrl,
        created,
      }),
    ),
    count: z.int().nonnegative(),
    count_max: z.int().describe("Containers that one user may have."),
  }),
  example: {},
  scope: "containers:read",
  hints: { readOnly: true, destructive: false, idempotent: true, openWorld: false },
  approval: "never",
  http: { method: "GET", path: "/containers" },
  errors: ["store_unavailable"],
  summarize: () => "Listed the containers",
});

export const renameContainer = defineOperation({
  ...managed,
  name: "rename_container",
  title: "Rename a container",
  description: "Gives a container another name; its id stays. Returns id and name.",
  input: z.object({ name: containerName }),
  output: z.object({ container, name }),
  example: { name: "First project" },
  scope: "containers:write",
  hints: { readOnly: false, destructive: false, idempotent: true, openWorld: false },
  approval: "policy",
  http: { method: "PUT", path: "/containers/{container}" },
  errors: ["container_deleted", "store_unavailable"],
  summarize: (input) => `Renamed the container to ${input.name}`,
});

export const deleteContainer = defineOperation({
  ...managed,
  name: "delete_container",
  title: "Delete a container",
  description:
    "Deletes a container for good: its files in the browser that runs it, what it was allowed to reach, " +
    "and its records. Its page stops. Nothing brings it back. Returns the id, and whether it was there; " +
    "deleting it again is no error.",
  input: z.object({}),
  output: z.object({
    container,
    existed: z.boolean().describe("False: it had been deleted before."),
  }),
  example: {},
  scope: "containers:write",
  hints: { readOnly: false, destructive: true, idempotent: true, openWorld: false },
  approval: "policy",
  http: { method: "DELETE", path: "/containers/{container}" },
  errors: ["store_unavailable"],
  summarize: () => "Deleted the container",
});
