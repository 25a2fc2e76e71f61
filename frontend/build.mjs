// Builds src/vang/base/static/base from this folder. The same input gives the same bytes.
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";
import * as sass from "sass";
import * as art from "./art.mjs";

const HERE = dirname(fileURLToPath(import.meta.url));
const OUT = join(HERE, "../src/vang/base/static/base");
const PACKAGES = join(HERE, "node_modules");
const WEIGHTS = [400, 500, 600, 700];
const SUBSETS = ["latin", "vietnamese"];
const BROWSERS = ["chrome90", "firefox90", "safari14"];

const scss = {
  name: "scss",
  setup(build) {
    build.onLoad({ filter: /\.scss$/ }, ({ path }) => ({
      contents: sass.compile(path, { loadPaths: [PACKAGES], logger: sass.Logger.silent }).css,
      loader: "css",
    }));
  },
};

// FullCalendar writes its styles into the page by script, which the content security policy
// refuses: they are taken out of its modules and become a file.
const calendarStyles = {
  name: "calendar-styles",
  setup(build) {
    const modules = ["core/internal-common.js", "daygrid/internal.js", "timegrid/internal.js"];
    const written = /var css_248z = ("(?:[^"\\]|\\.)*");/;
    const source = (file) => readFileSync(join(PACKAGES, "@fullcalendar", file), "utf8");
    build.onResolve({ filter: /^fullcalendar\.css$/ }, ({ path }) => ({ path, namespace: "calendar" }));
    build.onLoad({ filter: /.*/, namespace: "calendar" }, () => ({
      contents: modules
        .map((file) => JSON.parse(source(file).match(written)[1]))
        .join("\n")
        .replace(/@font-face\{[^}]*\}/g, ""),
      loader: "css",
    }));
    build.onLoad({ filter: /@fullcalendar\/.*\.js$/ }, ({ path }) => ({
      contents: readFileSync(path, "utf8")
        .replace("injectStyles(css_248z);", "")
        .replace(written, "")
        .replace("function registerStylesRoot(rootNode) {", "function registerStylesRoot(rootNode) { return;"),
      loader: "js",
    }));
  },
};

function licenceNotice(name, file) {
  return `${name}\n${"=".repeat(name.length)}\n\n${readFileSync(join(PACKAGES, file), "utf8").trim()}\n`;
}

const MIT = (holder) => `MIT License\n\nCopyright (c) ${holder}

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and
associated documentation files (the "Software"), to deal in the Software without restriction,
including without limitation the rights to use, copy, modify, merge, publish, distribute,
sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or
substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT
NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND
NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM,
DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT
OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
`;

function writeNotices() {
  const titled = (name, text) => `${name}\n${"=".repeat(name.length)}\n\n${text.trim()}\n`;
  const parts = [
    licenceNotice("Tabler Icons", "@tabler/icons/LICENSE"),
    titled("Tabler", MIT("2018-2026 The Tabler Authors; 2011-2026 The Bootstrap Authors")),
    titled("Alpine.js", MIT("2019-2026 Caleb Porzio and contributors")),
    licenceNotice("htmx", "htmx.org/LICENSE"),
    licenceNotice("uPlot", "uplot/LICENSE"),
    licenceNotice("Leaflet", "leaflet/LICENSE"),
    licenceNotice("FullCalendar", "@fullcalendar/core/LICENSE.md"),
  ];
  writeFileSync(join(OUT, "LICENCES.txt"), parts.join("\n\n"));
}

function writeFonts() {
  mkdirSync(join(OUT, "fonts"));
  for (const subset of SUBSETS)
    for (const weight of WEIGHTS)
      copyFileSync(
        join(PACKAGES, `@fontsource/be-vietnam-pro/files/be-vietnam-pro-${subset}-${weight}-normal.woff2`),
        join(OUT, `fonts/be-vietnam-pro-${subset}-${weight}.woff2`),
      );
  copyFileSync(join(PACKAGES, "@fontsource/be-vietnam-pro/LICENSE"), join(OUT, "fonts/OFL.txt"));
}

function symbol(name) {
  const source = readFileSync(join(PACKAGES, `@tabler/icons/icons/outline/${name}.svg`), "utf8");
  const shapes = source.replace(/^[^]*?<svg[^>]*>/, "").replace("</svg>", "")
    .replace(/<path stroke="none"[^>]*\/>/, "").replace(/\s*\n\s*/g, "");
  return `<symbol id="${name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" ` +
    `stroke-width="1.9" stroke-linecap="round" stroke-linejoin="round">${shapes}</symbol>`;
}

function writeIcons() {
  const wanted = readFileSync(join(HERE, "icons.txt"), "utf8").split("\n").filter(Boolean);
  const names = [...new Set(wanted)].sort();
  const sprite = `<svg xmlns="http://www.w3.org/2000/svg">\n${names.map(symbol).join("\n")}\n</svg>\n`;
  writeFileSync(join(OUT, "icons.svg"), sprite);
  for (const [name, picture] of Object.entries(art))
    writeFileSync(join(OUT, `${name}.svg`), picture);
}

async function writeBundles() {
  await esbuild.build({
    absWorkingDir: HERE,
    entryPoints: [
      { in: "scripts/app.js", out: "app" },
      { in: "scripts/studio.js", out: "studio" },
      { in: "styles/app.css", out: "app" },
      { in: "styles/portal.css", out: "portal" },
      { in: "scripts/charts.js", out: "charts" },
      { in: "styles/charts.css", out: "charts" },
      { in: "scripts/calendar.js", out: "calendar" },
      { in: "styles/calendar.css", out: "calendar" },
      { in: "scripts/map.js", out: "map" },
      { in: "styles/map.css", out: "map" },
      { in: "scripts/passkeys.js", out: "passkeys" },
      { in: "scripts/live-voice.js", out: "live-voice" },
      { in: "scripts/live-worklet.js", out: "live-worklet" },
    ],
    outdir: OUT,
    bundle: true,
    minify: true,
    target: BROWSERS,
    supported: { destructuring: true },
    legalComments: "none",
    plugins: [scss, calendarStyles],
    external: ["./fonts/*", "./*.svg"],
    loader: { ".png": "dataurl" },
  });
}

rmSync(OUT, { recursive: true, force: true });
mkdirSync(OUT, { recursive: true });
writeFonts();
writeIcons();
writeNotices();
await writeBundles();
