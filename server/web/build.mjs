// Bundle the pages' scripts and styles into ../paceline_server/static/dist under hashed names.
// dist/manifest.json maps each entry ("activity.js") to the file that holds it; the templates read it.
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { build } from "esbuild";
import { writeCoast } from "./coast.mjs";
import { iconsOf } from "./icons.mjs";

const here = import.meta.dirname;
const dist = join(here, "..", "paceline_server", "static", "dist");
const ENTRIES = [
  "site.ts",
  "site.css",
  "activity.ts",
  "activity.css",
  "passkeys.ts",
  "push.ts",
  "record.ts",
  "record.css",
  "sync.ts",
  "claim.ts",
  "reference.css",
];

/** What the service worker keeps from its first moment on: what the pages are built of that can be used offline. */
const SHELL = ["site.css", "site.js", "font.woff2", "activity.css", "record.js", "record.css"];
const COMPRESSED = /\.(js|json|css|svg|txt)$/;
const CREDITED = ["leaflet", "uplot", "@fontsource-variable/hanken-grotesk", "world-atlas"];

/** The file of the typeface that templates preload. */
const FONT = "hanken-grotesk-latin-wght-normal.woff2";

async function bundle(entries, more = {}) {
  const { metafile } = await build({
    ...more,
    absWorkingDir: here,
    entryPoints: entries.map(name => `src/${name}`),
    outdir: dist,
    entryNames: "[name]-[hash]",
    chunkNames: "[name]-[hash]",
    splitting: true, // what draws is loaded after what reads: activity.ts
    assetNames: "[name]-[hash]",
    bundle: true,
    minify: true,
    format: "esm",
    target: ["es2022", "safari16"],
    loader: { ".woff2": "file", ".png": "file" },
    legalComments: "none",
    sourcemap: false,
    metafile: true,
  });
  return metafile.outputs;
}

/** Entry name → hashed file name. */
function manifestOf(outputs) {
  const manifest = {};
  for (const [path, output] of Object.entries(outputs)) {
    const file = basename(path);
    if (output.entryPoint) {
      manifest[basename(output.entryPoint).replace(/\.ts$/, ".js")] = file;
    } else if (Object.keys(output.inputs).some(input => input.endsWith(FONT))) {
      manifest["font.woff2"] = file;
    }
  }
  return manifest;
}

async function compressSiblings() {
  for (const name of await readdir(dist)) {
    if (!COMPRESSED.test(name)) continue;
    const body = await readFile(join(dist, name));
    const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } };
    await writeFile(join(dist, `${name}.gz`), gzipSync(body, { level: 9 }));
    await writeFile(join(dist, `${name}.br`), brotliCompressSync(body, quality));
  }
}

async function icons(manifest) {
  for (const [name, body] of await iconsOf(join(dist, "..", "icon.svg"))) {
    const hash = createHash("sha256").update(body).digest("hex").slice(0, 8).toUpperCase();
    manifest[name] = name.replace(".png", `-${hash}.png`);
    await writeFile(join(dist, manifest[name]), body);
  }
}

/** Files, and those that they load at once, these too, and so on. */
function withImports(files, outputs) {
  const of = new Map(Object.entries(outputs).map(([path, output]) => [basename(path), output]));
  const found = new Set(files);
  for (const file of found) {
    for (const { path, kind } of of.get(file)?.imports ?? [])
      if (kind === "import-statement") found.add(basename(path));
  }
  return [...found];
}

/** The worker comes last: it names the files that it keeps, so that another build is another worker. */
async function worker(manifest, built) {
  const kept = withImports(
    SHELL.map(name => manifest[name]),
    built,
  ).map(file => `/static/${file}`);
  const outputs = await bundle(["worker.ts"], { define: { SHELL: JSON.stringify(kept) } });
  Object.assign(manifest, manifestOf(outputs));
}

async function coast(manifest) {
  const file = await writeCoast(join(here, "node_modules"), dist);
  if (file) manifest["coast.json"] = file;
  else console.warn("world-atlas is not installed: maps have no coastline (npm ci)");
}

async function licences() {
  const texts = await Promise.all(
    CREDITED.map(
      async name => `${name}\n\n${await readFile(join(here, "node_modules", name, "LICENSE"), "utf8")}`,
    ),
  );
  await writeFile(join(dist, "licences.txt"), texts.join("\n\n———\n\n"));
}

await rm(dist, { recursive: true, force: true });
await mkdir(dist, { recursive: true });
const outputs = await bundle(ENTRIES);
const manifest = manifestOf(outputs);
await icons(manifest);
await worker(manifest, outputs);
await coast(manifest);
await licences();
await compressSiblings();
await writeFile(join(dist, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
