// Holds the size promises: the shell at most 200 kB gzip, each lazily loaded route at most 150 kB, the engraver apart.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const SHELL_LIMIT = 200_000;
const ROUTE_LIMIT = 150_000;

const dist = fileURLToPath(new URL("../dist/", import.meta.url));
const manifest = JSON.parse(readFileSync(`${dist}.vite/manifest.json`, "utf8"));
const weigh = (file) => gzipSync(readFileSync(dist + file)).length;

/** Every script and style sheet that an entry needs before it can show itself, without those in `known`. */
function closure(key, known = new Set()) {
  const files = new Set();
  const walk = (at) => {
    const chunk = manifest[at];
    for (const file of [chunk.file, ...(chunk.css ?? [])]) if (!known.has(file)) files.add(file);
    for (const next of chunk.imports ?? []) if (!files.has(manifest[next].file)) walk(next);
  };
  walk(key);
  return files;
}

const entry = Object.keys(manifest).find((key) => manifest[key].isEntry);
const shell = closure(entry);
const rows = [["shell", [...shell], SHELL_LIMIT]];
for (const key of Object.keys(manifest)) {
  if (manifest[key].isDynamicEntry) rows.push([key, [...closure(key, shell)], ROUTE_LIMIT]);
}

let over = false;
for (const [name, files, limit] of rows) {
  const bytes = files.reduce((sum, file) => sum + weigh(file), 0);
  const verdict = bytes > limit ? "TOO BIG" : "ok";
  over ||= bytes > limit;
  console.log(`${verdict.padEnd(8)}${(bytes / 1000).toFixed(1).padStart(7)} of ${limit / 1000} kB gzip  ${name}`);
}
process.exit(over ? 1 : 0);
