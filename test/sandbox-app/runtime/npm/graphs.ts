import type { Publication } from "#test/support/npm-registry.ts";

interface Graph {
  readonly name: string;
  readonly publish: readonly Publication[];
  readonly project: object;
  /** More package.json files of the project. */
  readonly files?: Readonly<Record<string, object>>;
}

function pack(id: string, fields: object = {}): Publication {
  const at = id.indexOf("@", 1);
  return { name: id.slice(0, at), version: id.slice(at + 1), license: "MIT", ...fields };
}

function project(fields: object): object {
  return { name: "made-up", version: "1.0.0", ...fields };
}

/** Names are of one graph each, so that all can stand in one registry. */
export const graphs: readonly Graph[] = [
  {
    name: "one version for all",
    publish: [
      pack("flat-a@1.0.0", { dependencies: { "flat-c": "^1.0.0" } }),
      pack("flat-b@1.0.0", { dependencies: { "flat-c": "1.x" } }),
      pack("flat-c@1.0.0"),
      pack("flat-c@1.2.0", { bin: "./cli.js", engines: { node: ">=10" } }),
      pack("flat-c@2.0.0"),
    ],
    project: project({ dependencies: { "flat-a": "^1.0.0", "flat-b": "^1.0.0" } }),
  },
  {
    name: "two versions of one package",
    publish: [
      pack("two-a@1.0.0", { dependencies: { "two-x": "^1.0.0", "two-y": "^2.0.0" } }),
      pack("two-b@1.0.0", { dependencies: { "two-x": "^2.0.0", "two-y": "^1.0.0" } }),
      pack("two-x@1.5.0", { dependencies: { "two-y": "^1.0.0" } }),
      pack("two-x@2.5.0", { dependencies: { "two-y": "^2.0.0" } }),
      pack("two-y@1.1.0"),
      pack("two-y@2.1.0"),
    ],
    project: project({ dependencies: { "two-b": "1.0.0", "two-a": "1.0.0" } }),
  },
  {
    name: "a cycle, and development and optional dependencies",
    publish: [
      pack("kind-a@1.0.0", { dependencies: { "kind-b": "1" } }),
      pack("kind-b@1.0.0", { dependencies: { "kind-a": "1" } }),
      pack("kind-dev@1.0.0", {
        dependencies: { "kind-both": "1", "kind-a": "1", "kind-only": "1" },
      }),
      pack("kind-opt@1.0.0", { dependencies: { "kind-both": "1" }, deprecated: "old" }),
      pack("kind-both@1.0.0"),
      pack("kind-only@1.0.0", { hasInstallScript: true, scripts: { postinstall: "exit 1" } }),
    ],
    project: project({
      license: "MIT",
      dependencies: { "kind-a": "1" },
      devDependencies: { "kind-dev": "^1.0.0" },
      optionalDependencies: { "kind-opt": "*" },
    }),
  },
  {
    name: "native parts for other machines",
    publish: [
      pack("nat@1.0.0", {
        optionalDependencies: {
          "nat-linux-x64-gnu": "1.0.0",
          "nat-darwin-arm64": "1.0.0",
          "nat-wasm32-wasi": "1.0.0",
        },
      }),
      pack("nat-linux-x64-gnu@1.0.0", { os: ["linux"], cpu: ["x64"], libc: ["glibc"] }),
      pack("nat-darwin-arm64@1.0.0", { os: ["darwin"], cpu: ["arm64"] }),
      pack("nat-wasm32-wasi@1.0.0", { cpu: ["wasm32"], dependencies: { "nat-help": "^1.0.0" } }),
      pack("nat-help@1.0.0"),
    ],
    project: project({ devDependencies: { nat: "1.0.0" } }),
  },
  {
    name: "peers",
    publish: [
      pack("peer-ui@1.0.0", { peerDependencies: { "peer-core": "^17.0.0 || ^18.0.0" } }),
      pack("peer-plugin@1.0.0", {
        peerDependencies: { "peer-ui": "1", "peer-maybe": "2" },
        peerDependenciesMeta: { "peer-maybe": { optional: true } },
      }),
      pack("peer-core@17.0.0"),
      pack("peer-core@18.2.0", { dependencies: { "peer-loose": "*" } }),
      pack("peer-core@19.0.0"),
      pack("peer-loose@1.0.0"),
      pack("peer-maybe@2.0.0"),
    ],
    project: project({ dependencies: { "peer-plugin": "^1.0.0" } }),
  },
  {
    name: "peers that must be nested with their package",
    publish: [
      pack("nest-tool@1.0.0", { dependencies: { "nest-ui": "^1.0.0", "nest-core": "^17.0.0" } }),
      pack("nest-ui@1.0.0", { peerDependencies: { "nest-core": "^17.0.0" } }),
      pack("nest-core@17.0.0"),
      pack("nest-core@18.0.0"),
    ],
    project: project({ dependencies: { "nest-tool": "1", "nest-core": "^18.0.0" } }),
  },
  {
    name: "a peer that a package shares with its dependency",
    publish: [
      pack("share-app@1.0.0", {
        dependencies: { "share-css": "1" },
        peerDependencies: { "share-core": "^19.0.0" },
      }),
      pack("share-css@1.0.0", { peerDependencies: { "share-core": ">=16.8.0 || ^19.0.0-0" } }),
      pack("share-core@19.3.1"),
    ],
    project: project({ dependencies: { "share-app": "1", "share-core": "^19.0.0" } }),
  },
  {
    name: "a tarball that brings dependencies along",
    publish: [
      pack("bundle-a@1.0.0", {
        dependencies: { "bundle-in": "^1.0.0", "bundle-out": "^1.0.0" },
        bundleDependencies: ["bundle-in"],
      }),
      pack("bundle-out@1.0.0"),
    ],
    project: project({ dependencies: { "bundle-a": "1" } }),
  },
  {
    name: "other names, scopes and tags",
    publish: [
      pack("@made/thing@1.0.0", { bin: { thing: "bin/thing.js" }, funding: "https://example.com" }),
      pack("@made/thing@2.0.0-beta.1"),
      pack("alias-target@1.0.0"),
      pack("alias-target@2.0.0"),
    ],
    project: project({
      dependencies: {
        "@made/thing": "1.0.0",
        "old-target": "npm:alias-target@^1.0.0",
        "alias-target": "latest",
      },
    }),
  },
  {
    name: "overrides",
    publish: [
      pack("over-a@1.0.0", { dependencies: { "over-x": "^1.0.0", "over-y": "^1.0.0" } }),
      pack("over-b@1.0.0", { dependencies: { "over-x": "^1.0.0" } }),
      pack("over-x@1.0.0"),
      pack("over-x@1.9.0"),
      pack("over-y@1.0.0"),
      pack("over-y@2.0.0"),
    ],
    project: project({
      dependencies: { "over-a": "1", "over-b": "1" },
      overrides: { "over-x": "1.0.0", "over-a": { "over-y": "2.0.0" } },
    }),
  },
  {
    name: "workspaces and a directory",
    publish: [pack("work-x@1.0.0"), pack("work-x@2.0.0"), pack("work-dev@1.0.0")],
    project: project({
      workspaces: ["packages/*"],
      dependencies: { "work-x": "^2.0.0", "work-local": "file:local" },
    }),
    files: {
      "packages/one/package.json": {
        name: "work-one",
        version: "1.0.0",
        dependencies: { "work-x": "^1.0.0", "work-two": "^1.0.0" },
      },
      "packages/two/package.json": {
        name: "work-two",
        version: "1.2.3",
        devDependencies: { "work-dev": "*" },
      },
      "local/package.json": { name: "work-local", version: "0.1.0", bin: "run.js" },
    },
  },
];
