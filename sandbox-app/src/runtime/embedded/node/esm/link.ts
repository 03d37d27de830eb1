import { type AnyModule, SourceModule } from "./source-module.ts";

/**
 * Loads, instantiates and links a graph (ECMA-262 16.2.1.6.1, LoadRequestedModules and Link). Nothing
 * stays behind in the map of a graph that failed, so that a later import tries again.
 *
 * @param load the module for a request of another one; the same one for the same URL
 * @param forget takes a module out of the map
 */
export function linkGraph(
  root: AnyModule,
  load: (parent: SourceModule, request: number) => AnyModule,
  forget: (module: SourceModule) => void,
): void {
  if (!(root instanceof SourceModule) || root.status !== "unlinked") return;
  const graph: SourceModule[] = [];
  try {
    loadGraph(root, load, graph);
    for (const module of graph) module.instantiate();
    for (const module of graph) module.bindImports();
  } catch (error) {
    for (const module of graph) {
      module.status = "unlinked";
      forget(module);
    }
    throw error;
  }
  for (const module of graph) module.status = "linked";
}

/** Breadth first in the order of the requests, as Node loads; a list instead of recursion. */
function loadGraph(
  root: SourceModule,
  load: (parent: SourceModule, request: number) => AnyModule,
  graph: SourceModule[],
): void {
  root.status = "linking";
  graph.push(root);
  for (const module of graph) {
    module.requested = module.syntax.requests.map((_, request) => {
      const requested = load(module, request);
      if (requested instanceof SourceModule && requested.status === "unlinked") {
        requested.status = "linking";
        graph.push(requested);
      }
      return requested;
    });
  }
}

/** Every module with source that the root depends on, itself included. */
export function graphOf(root: AnyModule): SourceModule[] {
  if (!(root instanceof SourceModule)) return [];
  const found = new Set([root]);
  for (const module of found) {
    for (const requested of module.requested) {
      if (requested instanceof SourceModule) found.add(requested);
    }
  }
  return [...found];
}
