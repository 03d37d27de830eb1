import type { Manifest } from "../model/manifest.ts";
import { type Edge, TreeNode, compareNames } from "./node.ts";
import type { OverrideRules } from "./overrides.ts";

/** All packages of a project, with an index of who asks for which name. */
export class Tree {
  readonly root: TreeNode;
  readonly #edges = new Map<string, Set<Edge>>();

  constructor(root: TreeNode) {
    this.root = root;
    this.register(root);
  }

  /** Makes the node's requests known. */
  register(node: TreeNode): void {
    for (const edge of node.edges) {
      const edges = this.#edges.get(edge.name) ?? new Set();
      this.#edges.set(edge.name, edges.add(edge));
    }
  }

  /** Takes a package away with everything inside it; returns the requests that led there. */
  remove(node: TreeNode): Edge[] {
    const hurt: Edge[] = [];
    const gone = [node, ...this.below(node)];
    for (const one of gone) hurt.push(...this.leadingTo(one));
    for (const one of gone) for (const edge of one.edges) this.#edges.get(edge.name)?.delete(edge);
    node.parent?.children.delete(node.name);
    return hurt.filter((edge) => !gone.includes(edge.from));
  }

  /** Requests that find this package. */
  leadingTo(node: TreeNode): Edge[] {
    const edges = [...(this.#edges.get(node.name) ?? [])];
    return edges.filter((edge) => edge.from.resolve(edge.name) === node);
  }

  /**
   * Requests from inside `target` that would find a new package in its node_modules: those that now
   * find the name above it, and peers that are used where they are found.
   */
  seenThrough(target: TreeNode, name: string): Edge[] {
    const current = target.resolve(name);
    const edges = [...(this.#edges.get(name) ?? [])];
    return edges.filter((edge) => {
      if (!edge.from.isDescendantOf(target)) return false;
      const found = edge.from.resolve(name);
      return found === current && (found !== undefined || edge.type === "peerOptional");
    });
  }

  /** Every package but the project: parents before children, names in order. */
  all(): TreeNode[] {
    return this.below(this.root);
  }

  below(node: TreeNode): TreeNode[] {
    const found: TreeNode[] = [];
    const children = [...node.children.values()].toSorted((a, b) => compareNames(a.name, b.name));
    for (const child of children) {
      found.push(child);
      if (child.target !== null) found.push(child.target, ...this.below(child.target));
      found.push(...this.below(child));
    }
    return found;
  }

  /** Puts a package into a node_modules directory, in place of what is there. */
  put(
    parent: TreeNode,
    name: string,
    content: {
      manifest: Manifest;
      rules: OverrideRules;
      inBundle?: boolean;
      resolved?: string | undefined;
      standsFor?: Manifest;
    },
  ): { node: TreeNode; hurt: Edge[] } {
    const hurt = this.#clear(parent, name);
    const node = new TreeNode({ name, parent, ...content });
    this.register(node);
    return { node, hurt };
  }

  /** Puts a link to a directory of the project into a node_modules directory. */
  putLink(parent: TreeNode, name: string, location: string, manifest: Manifest): TreeNode {
    this.#clear(parent, name);
    const { root } = this;
    const target =
      this.all().find((node) => node.isTop && node.location === location) ??
      new TreeNode({ name, manifest, rules: root.rules, fsParent: root, location });
    this.register(target);
    return new TreeNode({ name, manifest, rules: root.rules, parent, target }).target ?? target;
  }

  #clear(parent: TreeNode, name: string): Edge[] {
    const current = parent.children.get(name);
    return current === undefined ? [] : this.remove(current);
  }

  /** Keeps the packages that the condition admits; what stands inside another goes with it. */
  retain(keep: (node: TreeNode) => boolean): TreeNode[] {
    const gone = this.all().filter((node) => !node.isTop && !keep(node));
    for (const node of gone) this.remove(node);
    return gone;
  }
}
