// Keeps the site readable without a connection. Written anew when style or scripts change.
"use strict";
const SITE = __SITE__;
const SHELL = SITE.prefix + SITE.version;
const PAGES = SITE.prefix + "pages";
const HOME = new URL("./", self.location.href);
const MOST_PAGES = 80;
const PATIENCE_MS = 5000;
const NAMED_BY_CONTENT = /-[0-9a-f]{8}\.(css|js)$|\.woff2$/;
const SOUND = /\.(opus|mp3)$/;

const full = (name) => new URL(name, HOME).href;
const keyOf = (address) => {
  const url = new URL(address);
  url.search = url.hash = "";
  if (url.pathname.endsWith("/")) url.pathname += "index.html";
  return url.href;
};

self.addEventListener("install", (event) => {
  const pages = SITE.shell.filter((name) => name.endsWith(".html"));
  const files = SITE.shell.filter((name) => !name.endsWith(".html"));
  event.waitUntil(Promise.all([
    caches.open(SHELL).then((cache) => cache.addAll(files.map(full))),
    caches.open(PAGES).then((cache) => cache.addAll(pages.map(full))),
  ]).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const old = (name) => name.startsWith(SITE.prefix) && name !== SHELL && name !== PAGES;
  event.waitUntil(caches.keys()
    .then((names) => Promise.all(names.filter(old).map((name) => caches.delete(name))))
    .then(() => self.clients.claim()));
});

const keep = async (address, answer) => {
  if (!answer.ok || answer.type !== "basic") return;
  const cache = await caches.open(PAGES);
  await cache.put(keyOf(address), answer);
  const kept = await cache.keys();
  const needed = new Set(SITE.shell.map(full));
  for (const old of kept.slice(0, Math.max(0, kept.length - MOST_PAGES)))
    if (!needed.has(old.url)) await cache.delete(old);
};

const fresh = async (event) => {
  const known = await caches.match(keyOf(event.request.url));
  const asked = fetch(event.request).then((answer) => {
    event.waitUntil(keep(event.request.url, answer.clone()));
    return answer;
  });
  if (!known) return asked.catch(() => nothing(event.request));
  const late = new Promise((done) => setTimeout(done, PATIENCE_MS, known));
  return Promise.race([asked, late]).catch(() => {
    event.waitUntil(tell(event.resultingClientId));
    return known;
  });
};

// The page says that it comes from the device; messages wait until it listens.
const tell = async (id) => {
  const reader = id && await self.clients.get(id);
  if (reader) reader.postMessage({ kept: true });
};

const nothing = async (request) => {
  const offline = request.mode === "navigate" && await caches.match(full("ngoai-tuyen.html"));
  return offline || Response.error();
};

const stored = async (event) => {
  const known = await caches.match(event.request);
  if (known) return known;
  const answer = await fetch(event.request);
  if (answer.ok) {
    const copy = answer.clone();
    event.waitUntil(caches.open(SHELL).then((cache) => cache.put(event.request, copy)));
  }
  return answer;
};

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  const mine = url.origin === HOME.origin && url.pathname.startsWith(HOME.pathname);
  if (event.request.method !== "GET" || !mine || SOUND.test(url.pathname)) return;
  event.respondWith(NAMED_BY_CONTENT.test(url.pathname) ? stored(event) : fresh(event));
});

// The newest notices, asked for by the page that lists them.
self.addEventListener("message", (event) => {
  const wanted = (event.data && event.data.keep) || [];
  event.waitUntil(Promise.all(wanted.slice(0, 10).map(async (address) => {
    const url = new URL(address);
    if (url.origin !== HOME.origin || !url.pathname.startsWith(HOME.pathname)) return;
    if (await caches.match(keyOf(address))) return;
    await fetch(address).then((answer) => keep(address, answer)).catch(() => {});
  })));
});
