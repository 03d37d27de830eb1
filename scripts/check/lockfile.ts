import * as z from "zod";

const Lockfile = z.object({
  packages: z.record(
    z.string(),
    z.object({ optionalDependencies: z.record(z.string(), z.string()).optional() }),
  ),
});
export type Lockfile = z.infer<typeof Lockfile>;

export interface MissingPackage {
  readonly wantedBy: string;
  readonly name: string;
  readonly range: string;
}

/** @throws ZodError when the text is no lock file of version 2 or 3 */
export function parseLockfile(text: string): Lockfile {
  return Lockfile.parse(JSON.parse(text));
}

/** Every optional dependency that no package of the lock file satisfies. */
export function findMissingOptionals({ packages }: Lockfile): MissingPackage[] {
  return Object.entries(packages).flatMap(([place, { optionalDependencies = {} }]) =>
    Object.entries(optionalDependencies)
      .filter(([name]) => !placesSeenFrom(place).some((seen) => `${seen}${name}` in packages))
      .map(([name, range]) => ({ wantedBy: place === "" ? "package.json" : place, name, range })),
  );
}

/** Where Node looks for a dependency of the package at this place: its own folder, then each above. */
function placesSeenFrom(place: string): string[] {
  const places = ["node_modules/"];
  for (let at = place; at !== ""; at = parentOf(at)) places.push(`${at}/node_modules/`);
  return places;
}

/** `node_modules/a/node_modules/b` is inside `node_modules/a`, which is inside the top: "". */
function parentOf(place: string): string {
  return place.slice(0, Math.max(0, place.lastIndexOf("node_modules/") - 1));
}
