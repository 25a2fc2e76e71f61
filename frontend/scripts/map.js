/**
 * The map of the loudspeakers. The server groups what lies close together; single places are drawn
 * on a canvas, so that a telephone can move a map of thousands. Without tiles it stands on paper.
 */
import { canvas, circleMarker, control, divIcon, geoJSON, latLngBounds, map as leaflet, marker, tileLayer } from "leaflet/dist/leaflet-src.esm.js";

const WAIT_MS = 150;
const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const text = (words) => document.createTextNode(words);

function draw(element) {
  element.hidden = false;
  const told = element.dataset;
  const map = leaflet(element, { renderer: canvas({ padding: 0.3 }), zoomControl: false, attributionControl: Boolean(told.tiles), maxZoom: 19, zoomSnap: 1 });
  control.zoom({ zoomInTitle: told.wordsIn, zoomOutTitle: told.wordsOut }).addTo(map);
  if (told.tiles) {
    map.attributionControl.setPrefix(false);
    const credit = document.createElement("span");
    credit.append(text(told.credit));
    tileLayer(told.tiles, { maxZoom: 19, attribution: credit.innerHTML }).addTo(map);
  }
  const [south, west, north, east] = told.box.split(",").map(Number);
  map.fitBounds(latLngBounds([south, west], [north, east]), { padding: [32, 32], maxZoom: 16 });
  under(map, told.boundary);
  over(map, element);
}

async function under(map, url) {
  const answer = await fetch(url, { headers: { Accept: "application/geo+json" } });
  if (!answer.ok) return;
  const areas = await answer.json();
  geoJSON(areas, {
    interactive: false,
    style: { color: token("--edge"), weight: 2, fillColor: token("--surface"), fillOpacity: 0.35 },
  }).addTo(map).bringToBack();
}

function over(map, element) {
  const status = document.querySelector("[data-map-status]");
  const before = status?.textContent ?? "";
  let shown = [];
  let asking;
  let timer;
  const show = async () => {
    asking?.abort();
    asking = new AbortController();
    const box = map.getBounds().pad(0.1);
    const url = new URL(element.dataset.points, location.href);
    url.searchParams.set("z", String(Math.round(map.getZoom())));
    url.searchParams.set("box", [clip(box.getSouth(), 90), clip(box.getWest(), 180), clip(box.getNorth(), 90), clip(box.getEast(), 180)].join(","));
    try {
      const answer = await fetch(url, { signal: asking.signal });
      if (!answer.ok) throw new Error(String(answer.status));
      const { dots } = await answer.json();
      for (const one of shown) one.remove();
      shown = dots.map((dot) => (dot.n ? group(map, dot, element.dataset.wordsGroup) : single(dot)).addTo(map));
      if (status) status.textContent = before;
    } catch (error) {
      if (error.name !== "AbortError" && status) status.textContent = element.dataset.wordsFailed;
    }
  };
  map.on("moveend", () => {
    clearTimeout(timer);
    timer = setTimeout(show, WAIT_MS);
  });
  show();
}

const clip = (degrees, most) => Math.max(-most, Math.min(most, degrees)).toFixed(5);

function single(dot) {
  const tone = token(`--${dot.tone}`);
  const found = circleMarker(dot.at, { radius: 10, weight: 3, color: token("--surface"), fillColor: tone, fillOpacity: 1 });
  const popup = document.createElement("div");
  const link = document.createElement("a");
  link.href = dot.url;
  link.append(text(dot.name));
  const words = document.createElement("p");
  words.append(text(dot.words));
  popup.append(link, words);
  return found.bindPopup(popup);
}

function group(map, dot, words) {
  const label = `${dot.n} ${words}: ${dot.words}`;
  const face = document.createElement("span");
  face.append(text(String(dot.n)));
  const icon = divIcon({ className: `fleet-group tone-${dot.tone}`, iconSize: [44, 44], html: face });
  return marker(dot.at, { icon, alt: label, title: label, keyboard: true }).on("click", () => map.setView(dot.at, Math.min(map.getZoom() + 2, 19)));
}

for (const element of document.querySelectorAll("[data-map]")) draw(element);
