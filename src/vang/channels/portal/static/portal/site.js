// Adds life to the public pages; everything is there without it.
"use strict";
(() => {
  const home = new URL(document.body.dataset.home || "./", location.href);

  // What sounds at this moment, by the reader's clock.
  const lines = document.querySelectorAll(".air > li[data-from]");
  const mark = () => {
    const now = Date.now();
    for (const line of lines) {
      const on = Date.parse(line.dataset.from) <= now && now < Date.parse(line.dataset.to);
      if (on) line.setAttribute("aria-current", "time");
      else line.removeAttribute("aria-current");
    }
  };
  if (lines.length) {
    mark();
    setInterval(mark, 15000);
  }

  // One sound at a time.
  document.addEventListener("play", (event) => {
    for (const other of document.querySelectorAll("audio"))
      if (other !== event.target) other.pause();
  }, true);

  // Whether the page comes from this device.
  const told = document.querySelector(".offline");
  const say = (offline) => { if (told) told.hidden = !offline; };
  addEventListener("online", () => say(false));
  addEventListener("offline", () => say(true));
  if (!navigator.onLine) say(true);

  // Readable offline: the site's own shell, what was read, and the newest notices.
  const safe = location.protocol === "https:" || ["localhost", "127.0.0.1", "[::1]"].includes(location.hostname);
  if (!safe || !("serviceWorker" in navigator)) return;
  navigator.serviceWorker.addEventListener("message", (event) => { if (event.data.kept) say(true); });
  navigator.serviceWorker.startMessages();
  navigator.serviceWorker.register(new URL("sw.js", home), { scope: home.pathname }).then(() => navigator.serviceWorker.ready).then((registration) => {
    if (navigator.connection && navigator.connection.saveData) return;
    const newest = [...document.querySelectorAll("main .list a")].slice(0, 5).map((link) => link.href);
    if (registration.active) registration.active.postMessage({ keep: [location.href, ...newest] });
  }).catch(() => {});
})();
