// Keeps the site readable without a connection. Written anew when style or scripts change.
"use strict";
const SITE = __SITE__;
const SHELL = SITE.prefix + SITE.version;
const PAGES = SITE.prefix + "pages";
const HOME = new URL("./", self.location.href);
const MOST_PAGES = 80;
const PATIENCE_MS = 5000;
const NAMED_BY_CONTENT = /-[0-9a-f]{8}\.(css|js)$|\.woff2$/;
const NOT_KEPT = /\.(opus|mp3)$|\/tep\//;
const PICTURE = /\/anh\/[0-9a-f]{64}\.(webp|jpg)$/;
const PICTURES = SITE.prefix + "pictures"; // as they were seen
const SMALL = SITE.prefix + "small-pictures"; // of notices that were kept unread
const MOST_PICTURES = 60;

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
  const old = (name) => name.startsWith(SITE.prefix) && ![SHELL, PAGES, PICTURES, SMALL].includes(name);
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

const trim = async (name) => {
  const cache = await caches.open(name);
  const kept = await cache.keys();
  for (const old of kept.slice(0, Math.max(0, kept.length - MOST_PICTURES))) await cache.delete(old);
};

const seen = async (event) => {
  const cache = await caches.open(PICTURES);
  const known = await cache.match(event.request);
  if (known) return known;
  try {
    const answer = await fetch(event.request);
    if (answer.status === 200 && answer.type === "basic") {
      const copy = answer.clone();
      event.waitUntil(cache.put(event.request, copy).then(() => trim(PICTURES)));
    }
    return answer;
  } catch {
    return (await (await caches.open(SMALL)).match(event.request)) || Response.error();
  }
};

// The smallest width of each picture of a page stands for all its widths without a connection.
const keepSmall = async (address, page) => {
  const cache = await caches.open(SMALL);
  for (const [, widths] of page.matchAll(/srcset="([^"]+)"/g)) {
    const names = widths.split(",").map((one) => new URL(one.trim().split(" ")[0], address).href);
    if (!names.every((name) => name.startsWith(HOME.href) && PICTURE.test(name))) continue;
    if (await cache.match(names[0])) continue;
    const answer = await fetch(names[0]);
    if (answer.status === 200) for (const name of names) await cache.put(name, answer.clone());
  }
  await trim(SMALL);
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
  if (event.request.method !== "GET" || !mine || NOT_KEPT.test(url.pathname)) return;
  if (PICTURE.test(url.pathname)) event.respondWith(seen(event));
  else event.respondWith(NAMED_BY_CONTENT.test(url.pathname) ? stored(event) : fresh(event));
});

// The newest notices, asked for by the page that lists them.
self.addEventListener("message", (event) => {
  const wanted = (event.data && event.data.keep) || [];
  event.waitUntil(Promise.all(wanted.slice(0, 10).map(async (address) => {
    const url = new URL(address);
    if (url.origin !== HOME.origin || !url.pathname.startsWith(HOME.pathname)) return;
    if (await caches.match(keyOf(address))) return;
    await fetch(address).then(async (answer) => {
      const page = answer.ok ? await answer.clone().text() : "";
      await keep(address, answer);
      await keepSmall(address, page);
    }).catch(() => {});
  })));
});
