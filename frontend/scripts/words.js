/** Sentences the server has already translated: <template id="words" data-name="sentence">. */
export function word(name, values = {}) {
  const text = document.getElementById("words")?.dataset[name] ?? name;
  return text.replace(/\{(\w+)\}/g, (_, key) => values[key] ?? "");
}

export function clockTime(date) {
  const two = (n) => String(n).padStart(2, "0");
  return `${two(date.getHours())}:${two(date.getMinutes())}`;
}

export function dayAndTime(date) {
  const two = (n) => String(n).padStart(2, "0");
  return `${clockTime(date)} ${two(date.getDate())}/${two(date.getMonth() + 1)}/${date.getFullYear()}`;
}
