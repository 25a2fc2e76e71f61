// The mark: the sun of a Đông Sơn drum whose rings are the sound going out. Drawn by arithmetic.
const SUN = "#f2b330";
const DEEP = "#0d3a5c";
const round = (n) => Math.round(n * 100) / 100;
const at = (radius, turn) => {
  const angle = (turn * 2 - 0.5) * Math.PI;
  return `${round(radius * Math.cos(angle))} ${round(radius * Math.sin(angle))}`;
};

function star(points, outer, inner) {
  const corners = Array.from({ length: points * 2 }, (_, i) =>
    at(i % 2 ? inner : outer, i / (points * 2)),
  );
  return `M${corners.join("L")}Z`;
}

function teeth(count, inner, outer) {
  return Array.from({ length: count }, (_, i) =>
    `M${at(inner, (i - 0.4) / count)}L${at(outer, i / count)}L${at(inner, (i + 0.4) / count)}Z`,
  ).join("");
}

// A line of no length with round ends is a dot, in a third of a circle's bytes.
function dots(count, radius, size) {
  const places = Array.from({ length: count }, (_, i) => `M${at(radius, i / count)}h0`).join("");
  return `<path stroke-width="${2 * size}" d="${places}"/>`;
}

const svg = (box, body) =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${box}">${body}</svg>\n`;

export const mark = svg(
  "-50 -50 100 100",
  `<circle r="50" fill="${SUN}"/><path fill="${DEEP}" d="${star(12, 25, 10)}"/>` +
    `<g fill="none" stroke="${DEEP}"><circle r="33" stroke-width="3.5"/>` +
    `<circle r="42" stroke-width="3.5" stroke-dasharray="6 5.1"/></g>`,
);

export const drum = svg(
  "-400 -400 800 800",
  `<g fill="${SUN}"><path d="${star(14, 92, 34)}"/></g>` +
    `<g fill="none" stroke="#ffffff" stroke-opacity=".34" stroke-width="2">` +
    [108, 118, 150, 158, 206, 214, 264, 274, 330, 342, 392]
      .map((r) => `<circle r="${r}"/>`).join("") + `</g>` +
    `<g fill="#ffffff" fill-opacity=".26"><path d="${teeth(56, 120, 146)}"/>` +
    `<path d="${teeth(96, 276, 298)}"/><path d="${teeth(120, 344, 364)}"/></g>` +
    `<g stroke="${SUN}" stroke-opacity=".55" stroke-linecap="round">` +
    `${dots(28, 182, 7)}${dots(72, 314, 3.5)}</g>` +
    `<defs><g id="o"><circle r="13"/><circle r="5"/></g></defs>` +
    `<g fill="none" stroke="${SUN}" stroke-opacity=".5" stroke-width="2.5">` +
    Array.from({ length: 36 }, (_, i) => {
      const [x, y] = at(239, i / 36).split(" ");
      return `<use href="#o" x="${x}" y="${y}"/>`;
    }).join("") + `</g>`,
);

export const waves = svg(
  "0 0 248 240",
  `<g fill="none" stroke="#ffffff" stroke-width="1.5">` +
    [40, 64, 88, 112, 136, 160, 184, 208]
      .map((r, i) => `<circle cx="20" cy="250" r="${r}" stroke-opacity="${round(0.32 - i * 0.035)}"/>`)
      .join("") +
    `</g><g transform="translate(20 250)"><path fill="${SUN}" d="${star(14, 27, 11)}"/></g>`,
);

export const chevron =
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="#7b8590" ` +
  `stroke-width="2.5" stroke-linecap="round" stroke-linejoin="round"><path d="m6 9 6 6 6-6"/></svg>\n`;
