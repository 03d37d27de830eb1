/** What workerd is to serve. Paths of directories are absolute. */
export interface WorkerdSetup {
  readonly ip: string;
  readonly port: number;
  /** The worker as one module: a file beside the configuration. */
  readonly script: string;
  /** The module that answers for the files of `files`: a file beside the configuration. */
  readonly assetsScript: string;
  /** Directory of the built page. */
  readonly files: string;
  /** Directory where the Durable Objects keep their databases. */
  readonly storage: string;
  readonly compatibilityDate: string;
  readonly compatibilityFlags: readonly string[];
  /** Name of the worker; wrangler's own storage is laid out by it. */
  readonly name: string;
  /** Durable Objects with SQLite: binding → class. */
  readonly objects: Readonly<Record<string, string>>;
  /** Text bindings. Names of the environment's variables that hold the values: a file may be read. */
  readonly variables: Readonly<Record<string, string>>;
  /** Certificates that are trusted besides a browser's, in PEM. */
  readonly certificates: readonly string[];
}

/**
 * The configuration of `workerd serve`, in Cap'n Proto's text format. The objects' directories have
 * the names that wrangler gives them, so that both ways to serve find the same records.
 */
export function workerdConfig(setup: WorkerdSetup): string {
  const objects = Object.entries(setup.objects);
  const bindings = [
    `(name = "ASSETS", service = "assets")`,
    ...objects.map(
      ([binding, className]) =>
        `(name = ${quoted(binding)}, durableObjectNamespace = ${quoted(className)})`,
    ),
    ...Object.entries(setup.variables).map(
      ([name, from]) => `(name = ${quoted(name)}, fromEnvironment = ${quoted(from)})`,
    ),
  ];
  const namespaces = objects.map(
    ([, className]) =>
      `(className = ${quoted(className)}, uniqueKey = ${quoted(`${setup.name}-${className}`)}, enableSql = true)`,
  );
  return `using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "worker", worker = .worker),
    (name = "assets", worker = .assets),
    (name = "files", disk = (path = ${quoted(setup.files)}, allowDotfiles = true)),
    (name = "storage", disk = (path = ${quoted(setup.storage)}, writable = true)),
    (name = "internet", network = (
      allow = ["public", "private"],
      tlsOptions = (trustBrowserCas = true, trustedCertificates = ${list(setup.certificates.map(quoted))}),
    )),
  ],
  sockets = [(
    name = "http",
    address = ${quoted(`${setup.ip}:${setup.port}`)},
    http = (),
    service = "worker",
  )],
);

const worker :Workerd.Worker = (
  modules = [(name = "index.js", esModule = embed ${quoted(setup.script)})],
  compatibilityDate = ${quoted(setup.compatibilityDate)},
  compatibilityFlags = ${list(setup.compatibilityFlags.map(quoted))},
  globalOutbound = "internet",
  bindings = ${list(bindings)},
  durableObjectNamespaces = ${list(namespaces)},
  durableObjectStorage = (localDisk = "storage"),
);

const assets :Workerd.Worker = (
  modules = [(name = "assets.js", esModule = embed ${quoted(setup.assetsScript)})],
  compatibilityDate = ${quoted(setup.compatibilityDate)},
  bindings = [(name = "FILES", service = "files")],
);
`;
}

function list(items: readonly string[]): string {
  return items.length === 0 ? "[]" : `[\n    ${items.join(",\n    ")},\n  ]`;
}

/** Cap'n Proto's strings have the escapes of C, of which JSON's are a part but for \\u. */
function quoted(text: string): string {
  return JSON.stringify(text).replaceAll(/\\u00([0-9a-f]{2})/g, "\\x$1");
}
