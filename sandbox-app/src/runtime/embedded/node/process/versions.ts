/** The line of Node whose behaviour is kept here; differential tests run against this release. */
export const NODE_VERSION = "v24.21.0";

/** `process.versions`: what is really inside, beside the release that is imitated. */
export const versions: Readonly<Record<string, string>> = {
  node: NODE_VERSION.slice(1),
  // The engine is the browser's; packages only read the first numbers.
  v8: "13.6.233.17-node.53",
  uv: "1.52.1",
  zlib: "1.3.2",
  modules: "137",
  napi: "10",
  openssl: "3.5.8",
  unicode: "17.0",
  undici: "7.29.1",
  llhttp: "9.4.3",
};

export const release = {
  name: "node",
  lts: "Krypton",
  sourceUrl: `https://nodejs.org/download/release/${NODE_VERSION}/node-${NODE_VERSION}.tar.gz`,
  headersUrl: `https://nodejs.org/download/release/${NODE_VERSION}/node-${NODE_VERSION}-headers.tar.gz`,
};

export const features = {
  inspector: false,
  debug: false,
  uv: false,
  ipv6: true,
  openssl_is_boringssl: false,
  tls_alpn: false,
  tls_sni: false,
  tls_ocsp: false,
  tls: false,
  cached_builtins: true,
  require_module: true,
  quic: false,
  typescript: "transform",
};
