import { accessSync, constants, existsSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";

/** A Chromium on this machine, and what its process needs in the environment. */
export interface ChromiumFound {
  readonly executablePath: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Where Linux distributions, macOS and hand-made installs put a Chromium. */
const usualPlaces = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome-stable",
  "/usr/bin/google-chrome",
  "/snap/bin/chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

/** Flags that every launch needs: a container's root may not use Chromium's own sandbox. */
export const chromiumArgs = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/**
 * The fonts that come with the packed Chromium, and those of the machine. Its own list names /tmp, where
 * they are not: without any font all text is of no size, and nothing on a page is visible.
 */
const fontsConf = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir prefix="relative">fonts</dir>
  <dir>/usr/share/fonts</dir>
  <dir>/usr/local/share/fonts</dir>
  <cachedir prefix="xdg">fontconfig</cachedir>
</fontconfig>
`;

/**
 * Finds a Chromium: CHROMIUM_PATH, the usual places, then the one inside `@sparticuz/chromium`,
 * which is unpacked into node_modules on first use.
 *
 * @throws Error with the next step when there is none
 */
export async function findChromium(): Promise<ChromiumFound> {
  const named = process.env["CHROMIUM_PATH"];
  if (named) {
    if (isExecutable(named)) return { executablePath: named, env: {} };
    throw new Error(`CHROMIUM_PATH is ${named}, which is no program. Correct it or unset it.`);
  }
  const usual = usualPlaces.find(isExecutable);
  if (usual) return { executablePath: usual, env: {} };
  const packed = await unpackChromium();
  if (packed) return packed;
  throw new Error(
    "No Chromium was found. Install one (on Debian: `apt-get install chromium`) " +
      "or set CHROMIUM_PATH to the program.",
  );
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** `@sparticuz/chromium` is built for x64 Linux only. */
async function unpackChromium(): Promise<ChromiumFound | undefined> {
  if (process.platform !== "linux" || process.arch !== "x64") return undefined;
  const cache = path.resolve(import.meta.dirname, "../node_modules/.cache");
  const home = path.join(cache, "packed-chromium");
  if (!existsSync(home)) await unpackInto(cache, home);
  return {
    executablePath: path.join(home, "chromium"),
    env: {
      LD_LIBRARY_PATH: path.join(home, "al2023/lib"),
      FONTCONFIG_PATH: path.join(home, "fonts"),
    },
  };
}

/** Unpacks beside the target and moves it there whole: two starts at once both end well. */
async function unpackInto(cache: string, home: string): Promise<void> {
  await mkdir(cache, { recursive: true });
  const scratch = await mkdtemp(`${home}-`);
  const before = process.env["TMPDIR"];
  process.env["TMPDIR"] = scratch;
  try {
    const { default: chromium, inflate } = await import("@sparticuz/chromium");
    await chromium.executablePath();
    const libraries = new URL("../bin/al2023.tar.br", import.meta.resolve("@sparticuz/chromium"));
    await inflate(libraries.pathname);
    await writeFile(path.join(scratch, "fonts/fonts.conf"), fontsConf);
    await rename(scratch, home).catch((error: unknown) => {
      if (!existsSync(home)) throw error;
    });
  } finally {
    if (before === undefined) delete process.env["TMPDIR"];
    else process.env["TMPDIR"] = before;
    await rm(scratch, { recursive: true, force: true });
  }
}
