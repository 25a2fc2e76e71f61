// Searches the index that lies beside the pages. Loads only the parts that the words need.
"use strict";
(() => {
  const AT_ONCE = 20;
  const form = document.querySelector("form.search");
  const [told, list, more] = ["told", "found", "more"].map((id) => document.getElementById(id));
  document.querySelector(".scriptless").remove();
  const place = new URL(form.dataset.index, location.href);
  const loaded = new Map();

  const load = (name) => {
    if (!loaded.has(name))
      loaded.set(name, fetch(new URL(name, place)).then((answer) => {
        if (!answer.ok) throw new Error(name);
        return answer.json();
      }).catch((error) => { loaded.delete(name); throw error; }));
    return loaded.get(name);
  };

  const fold = (text) => text.replace(/đ/gi, "d").normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const words = (text) => fold(text).match(/[a-z0-9]+/g) || [];
  const shardOf = (word, shards) => {
    let hash = 0x811c9dc5;
    for (const letter of word) hash = Math.imul(hash ^ letter.charCodeAt(0), 0x01000193) >>> 0;
    return hash % shards;
  };
  const numbers = (packed) => {
    let last = -1;
    return packed ? packed.split(".").map((step) => (last += parseInt(step, 36) + 1)) : [];
  };

  // [score, notice] of the newest part, whose words lie in the index itself.
  const searchRecent = (index, wanted) => index.recent.map((notice) => {
    const title = new Set(words(notice[1])), body = new Set(notice[4].split(" "));
    const all = wanted.every((word) => title.has(word) || body.has(word));
    return all ? [wanted.filter((word) => title.has(word)).length, notice] : null;
  }).filter(Boolean);

  // Numbers of the notices that have every word, with how many words stand in the title.
  const searchBase = async (index, wanted) => {
    if (!index.base) return [];
    const gone = new Set(index.gone);
    const parts = await Promise.all(wanted.map((word) => load(`${index.base}/w${shardOf(word, index.shards)}.json`)));
    let found = null;
    wanted.forEach((word, at) => {
      const [inTitle, inBody] = parts[at][word] || ["", ""];
      const here = new Map(numbers(inBody).map((number) => [number, 0]));
      for (const number of numbers(inTitle)) here.set(number, 1);
      if (found === null) found = here;
      else for (const [number, score] of found) {
        if (here.has(number)) found.set(number, score + here.get(number));
        else found.delete(number);
      }
    });
    return [...found].filter(([number]) => !gone.has(number)).map(([number, score]) => [score, number]);
  };

  const notice = async (index, number) => {
    const block = Math.floor(number / index.block);
    return (await load(`${index.base}/d${block}.json`))[number % index.block];
  };

  const line = (index, [path, title, day, category, , unit]) => {
    const item = document.createElement("li"), head = document.createElement("h2");
    const link = document.createElement("a"), meta = document.createElement("p");
    link.href = path;
    link.textContent = title;
    meta.className = "meta";
    meta.textContent = [day.split("-").reverse().join("/"), unit && index.units[unit - 1], index.categories[category]].filter(Boolean).join(" · ");
    head.append(link);
    item.append(head, meta);
    return item;
  };

  let turn = 0;
  const search = async (typed) => {
    const mine = ++turn, wanted = [...new Set(words(typed))].slice(0, 8);
    list.replaceChildren();
    more.hidden = true;
    if (!wanted.length) { told.textContent = ""; return; }
    told.textContent = told.dataset.busy;
    try {
      const index = await load(place.href);
      const recent = searchRecent(index, wanted);
      const older = await searchBase(index, wanted);
      if (mine !== turn) return;
      // Words in the title first, then the newest.
      recent.sort((a, b) => b[0] - a[0]);
      older.sort((a, b) => b[0] - a[0] || b[1] - a[1]);
      const all = [...recent, ...older].sort((a, b) => b[0] - a[0]);
      told.textContent = all.length ? `${told.dataset.found} ${all.length}` : told.dataset.none;
      let shown = 0;
      const show = async () => {
        const next = all.slice(shown, shown + AT_ONCE);
        const notices = await Promise.all(next.map(([, one]) => (typeof one === "number" ? notice(index, one) : one)));
        if (mine !== turn) return;
        list.append(...notices.map((one) => line(index, one)));
        shown += next.length;
        more.hidden = shown >= all.length;
      };
      more.onclick = () => show().catch(() => { told.textContent = told.dataset.failed; });
      await show();
    } catch {
      if (mine === turn) told.textContent = told.dataset.failed;
    }
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    history.replaceState(null, "", `?q=${encodeURIComponent(form.q.value)}`);
    search(form.q.value);
  });
  const asked = new URLSearchParams(location.search).get("q");
  if (asked) {
    form.q.value = asked.slice(0, 100);
    search(form.q.value);
  }
})();
