// Builds everything the pages load into build/ (git-ignored, one of STATICFILES_DIRS).
//
//   ebok/govuk.css              govuk-frontend with our settings (govuk.scss)
//   ebok/ebok.css               our own styles: styles/*.css in the order of their names
//   ebok/ebok.js                scripts/page/*.js, each in a block of its own, one file
//   ebok/<name>.js              every other file of scripts/: loaded only by pages that need it
//   ebok/govuk-frontend.min.js  copied, imported by ebok.js when a page has one of its components
//   leaflet/                    copied, imported by ebok/map.js when a page has a map
//
// Needs: npm ci. Run: npm run build.

import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as sass from "sass";

const here = dirname(fileURLToPath(import.meta.url));
const finished = join(here, "build");
const out = join(here, "build.new"); // swapped in at the end: a running server never misses a file
const modules = join(here, "node_modules");

const read = (...path) => readFileSync(join(here, ...path), "utf8");
const write = (name, text) => writeFileSync(join(out, name), text);
const filesOf = (folder, ending) =>
  readdirSync(join(here, folder)).filter((name) => name.endsWith(ending)).sort();

rmSync(out, { recursive: true, force: true });
mkdirSync(join(out, "ebok"), { recursive: true });
mkdirSync(join(out, "leaflet"), { recursive: true });

// 1. govuk-frontend in our settings. Its footer names the royal crest, which is neither ours to
//    show nor among our files: a manifest storage would stop at the missing file.
const govuk = sass.compile(join(here, "govuk.scss"), {
  loadPaths: [modules],
  style: "compressed",
  quietDeps: true,
});
write("ebok/govuk.css", govuk.css.replaceAll(/url\("\/assets\/images\/govuk-crest\.svg"\)/g, "none"));

// 2. Our styles, comments and blank lines left out.
const styles = filesOf("styles", ".css").map((name) => read("styles", name)).join("\n");
write(
  "ebok/ebok.css",
  styles.replace(/\/\*[\s\S]*?\*\//g, "").replace(/[ \t]+$/gm, "").replace(/\n{2,}/g, "\n").trimStart(),
);

// 3. Our scripts. A block keeps the names of one file out of the next.
const page = filesOf("scripts/page", ".js").map((name) => `{ // ${name}\n${read("scripts/page", name)}}\n`);
write("ebok/ebok.js", page.join("\n"));
for (const name of filesOf("scripts", ".js")) write(`ebok/${name}`, read("scripts", name));

// 4. Third-party files, unchanged but for the map references that would point nowhere.
const withoutSourceMap = (text) => text.replace(/\n?\/\/# sourceMappingURL=.*\s*$/, "\n");
const vendored = (path) => withoutSourceMap(readFileSync(join(modules, path), "utf8"));
cpSync(join(here, "icon.svg"), join(out, "ebok/icon.svg"));

write("ebok/govuk-frontend.min.js", vendored("govuk-frontend/dist/govuk/govuk-frontend.min.js"));
write("leaflet/leaflet.js", vendored("leaflet/dist/leaflet-src.esm.js"));
cpSync(join(modules, "leaflet/dist/leaflet.css"), join(out, "leaflet/leaflet.css"));
cpSync(join(modules, "leaflet/dist/images"), join(out, "leaflet/images"), { recursive: true });

const old = join(here, "build.old");
rmSync(old, { recursive: true, force: true });
if (existsSync(finished)) renameSync(finished, old);
renameSync(out, finished);
rmSync(old, { recursive: true, force: true });

console.log("theme built: " + readdirSync(join(finished, "ebok")).join(", "));
