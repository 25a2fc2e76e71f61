/**
 * Draws each [data-chart] from the table of its own figure: one source of figures, readable
 * without this file. "bars" are stacked, "lines" are not.
 */
import uPlot from "uplot";

const SIZE = "500 16px 'Be Vietnam Pro', sans-serif";
const HEIGHT = 280;

const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** What the table says: days (seconds UTC) or places 0, 1, 2 …, names of rows and series, values. */
function read(figure) {
  const rows = [...figure.querySelectorAll("table.figures tbody tr")];
  const days = rows.map((row) => row.querySelector("th").dataset.day);
  const dated = days.every(Boolean);
  return {
    dated,
    x: days.map((day, n) => (dated ? Date.parse(`${day}T00:00:00Z`) / 1000 : n)),
    names: rows.map((row) => row.querySelector("th").textContent.trim()),
    series: [...figure.querySelectorAll("table.figures thead th[data-name]")].map((th) => th.dataset.name),
    colours: [...figure.querySelectorAll("table.figures thead th[data-name]")].map((th) => th.dataset.colour),
    values: columns(rows),
  };
}

function columns(rows) {
  const count = rows[0]?.querySelectorAll("td").length ?? 0;
  return Array.from({ length: count }, (_, n) =>
    rows.map((row) => {
      const value = row.querySelectorAll("td")[n].dataset.value;
      return value === undefined ? null : Number(value);
    }),
  );
}

function stacked(values) {
  const sums = values[0].map(() => 0);
  return values.map((series) => series.map((value, n) => (sums[n] += value ?? 0)));
}

function shortDay(seconds) {
  const day = new Date(seconds * 1000);
  const two = (n) => String(n).padStart(2, "0");
  return `${two(day.getUTCDate())}/${two(day.getUTCMonth() + 1)}`;
}

function axes(told, unit, number) {
  const look = { stroke: token("--ink-soft"), font: SIZE, grid: { stroke: token("--line"), width: 1 }, ticks: { show: false } };
  const words = (values) => values.map((value) => (told.dated ? shortDay(value) : (told.names[value] ?? "")));
  return [
    { ...look, grid: { show: false }, size: 36, space: 64, incrs: told.dated ? [1, 2, 3, 7, 14, 28, 91, 182, 364].map((n) => n * 86_400) : [1, 2, 5, 10, 20], values: (_, splits) => words(splits) },
    { ...look, size: 72, label: unit || undefined, labelFont: SIZE, labelSize: unit ? 24 : 0, values: (_, splits) => splits.map((value) => number.format(value)) },
  ];
}

function seriesOf(kind, told) {
  const bars = kind === "bars" ? { paths: uPlot.paths.bars({ size: [0.72, 48], radius: 0.08 }) } : { width: 2.5, spanGaps: false };
  const made = told.series.map((label, n) => {
    const colour = token(`--series-${told.colours[n]}`);
    const fill = kind === "bars" ? { fill: colour } : {};
    return { label, stroke: colour, points: { show: kind === "lines" && told.x.length < 40, size: 7 }, ...fill, ...bars };
  });
  return kind === "bars" ? made.reverse() : made;
}

function options(box, kind, told, readout) {
  const decimals = Number(box.dataset.decimals || 0);
  const number = new Intl.NumberFormat("vi-VN", { maximumFractionDigits: Math.max(decimals, 1) });
  const unit = box.dataset.unit;
  const figure = (value) => (value == null ? "–" : number.format(value) + (unit ? ` ${unit}` : ""));
  const say = (plot) => {
    const at = plot.cursor.idx;
    readout.textContent = at == null ? "" : `${told.names[at]}: ${told.series.map((name, n) => `${name} ${figure(told.values[n][at])}`).join("; ")}`;
  };
  const pad = told.dated ? 43_200 : 0.5;
  return {
    width: Math.max(box.clientWidth, 240),
    height: HEIGHT,
    padding: [12, 12, 0, 0],
    cursor: { y: false, drag: { x: false, y: false }, points: { show: kind === "lines" } },
    legend: { show: false },
    hooks: { setCursor: [say] },
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), "Etc/UTC"),
    scales: {
      x: { time: told.dated, range: (_, least, most) => [least - pad, most + pad] },
      y: { range: (_, least, most) => [Math.min(0, least ?? 0), (most || 1) * 1.05] },
    },
    series: [{}, ...seriesOf(kind, told)],
    axes: axes(told, box.dataset.unit, number),
  };
}

function draw(box) {
  const figure = box.closest("figure");
  const kind = box.dataset.chart;
  const told = read(figure);
  if (!told.x.length) return;
  box.hidden = false;
  box.replaceChildren();
  const readout = Object.assign(document.createElement("p"), { className: "chart-readout" });
  const drawn = kind === "bars" ? stacked(told.values).reverse() : told.values;
  const plot = new uPlot(options(box, kind, told, readout), [told.x, ...drawn], box);
  box.append(readout);
  return plot;
}

function start() {
  for (const box of document.querySelectorAll("[data-chart]")) {
    let plot = draw(box);
    const again = () => { plot?.destroy(); plot = draw(box); };
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", again);
    new ResizeObserver(() => plot?.setSize({ width: Math.max(box.clientWidth, 240), height: HEIGHT })).observe(box);
  }
  for (const figures of document.querySelectorAll("[data-folds]")) figures.open = false;
}

document.fonts.load(SIZE).finally(start);
