/** The week to drag in. It stands over a list that does the same without it and by keyboard. */
import { Calendar } from "@fullcalendar/core";
import vi from "@fullcalendar/core/locales/vi";
import interaction from "@fullcalendar/interaction";
import timeGrid from "@fullcalendar/timegrid";

const WIDE = "(min-width: 56rem)";

const toast = (text, kind) => document.dispatchEvent(new CustomEvent("vang:toast", { detail: { text, kind } }));

/** Wall times are passed about as if they were UTC, so that the browser's own zone is nothing. */
const wall = (date) => date.toISOString().slice(0, 19);

function businessHours({ hours, weekend }) {
  const days = weekend === "no" ? [1, 2, 3, 4, 5] : [0, 1, 2, 3, 4, 5, 6];
  return hours.split(",").filter(Boolean).map((window) => {
    const [startTime, endTime] = window.split("-");
    return { daysOfWeek: days, startTime, endTime };
  });
}

function clockOf({ now }) {
  const began = Date.now();
  return () => new Date(Date.parse(`${now}Z`) + Date.now() - began);
}

function content({ event, timeText }) {
  const box = document.createElement("div");
  box.className = "board-event";
  const time = Object.assign(document.createElement("b"), { textContent: timeText });
  const title = Object.assign(document.createElement("span"), { textContent: event.title });
  box.append(time, " ", title);
  const { about, state } = event.extendedProps;
  box.title = [timeText, event.title, about, state].filter(Boolean).join("\n");
  return { domNodes: [box] };
}

/** The form of a page in a dialog over the calendar; its answer, or the page it leads to. */
class Part {
  constructor(dialog) {
    this.dialog = dialog;
    this.box = dialog.querySelector("[data-board-part]");
    this.undo = () => {};
    dialog.addEventListener("close", () => this.undo());
    this.box.addEventListener("submit", (event) => this.send(event));
    this.box.addEventListener("click", (event) => this.leave(event));
  }

  async open(address, undo = () => {}) {
    this.undo = undo;
    const answer = await fetch(address);
    if (!answer.ok || answer.redirected) return this.follow(answer);
    this.show(await answer.text());
    this.dialog.showModal();
    this.box.querySelector("input:not([type=hidden]), a, button")?.focus();
  }

  show(html) {
    this.box.innerHTML = html;
    document.dispatchEvent(new CustomEvent("vang:replaced"));
  }

  async send(event) {
    const form = event.target;
    if (form.method !== "post") return;
    event.preventDefault();
    const fields = new FormData(form);
    if (event.submitter?.name) fields.append(event.submitter.name, event.submitter.value);
    const answer = await fetch(form.action, {
      method: "POST", body: new URLSearchParams(fields), headers: { "X-Part": "1" },
    });
    if (answer.redirected) return this.follow(answer);
    this.show(await answer.text());
  }

  /** Cancel leads back to a page without a script; here it closes. */
  leave(event) {
    const link = event.target.closest("a[data-cancel]");
    if (!link) return;
    event.preventDefault();
    this.dialog.close();
  }

  follow(answer) {
    this.undo = () => {};
    location.assign(answer.url);
  }
}

function start(board) {
  const told = board.dataset;
  const part = new Part(document.getElementById("board-dialog"));
  const move = (event, how, undo) =>
    part.open(`${told.move.replace("KEY", event.id)}?part=1&how=${how}&start=${wall(event.start)}`, undo);
  const calendar = new Calendar(board, {
    plugins: [timeGrid, interaction],
    locales: [vi],
    locale: document.documentElement.lang,
    timeZone: "UTC",
    initialView: "timeGridWeek",
    initialDate: told.first,
    firstDay: 1,
    now: clockOf(told),
    nowIndicator: true,
    headerToolbar: false,
    allDaySlot: false,
    slotMinTime: told.from,
    slotMaxTime: told.until,
    slotDuration: "00:30",
    slotLabelFormat: { hour: "2-digit", minute: "2-digit", hour12: false },
    eventTimeFormat: { hour: "2-digit", minute: "2-digit", hour12: false },
    dayHeaderFormat: { weekday: "short", day: "2-digit", month: "2-digit", omitCommas: true },
    snapDuration: "00:05",
    displayEventEnd: false,
    eventMinHeight: 26,
    eventShortHeight: 26,
    slotEventOverlap: false,
    height: "auto",
    businessHours: businessHours(told),
    eventDurationEditable: false,
    eventInteractive: true,
    events: { url: told.events, failure: () => toast(told.failed, "bad") },
    eventClassNames: ({ event }) => [`tone-${event.extendedProps.tone}`],
    eventContent: content,
    eventDrop: ({ event, jsEvent, revert }) =>
      move(event, jsEvent.altKey || jsEvent.ctrlKey ? "copy" : "move", revert),
    eventClick: ({ event }) => {
      if (event.startEditable) return move(event, "move");
      location.assign(`${told.day}?day=${wall(event.start).slice(0, 10)}`);
    },
    dateClick: ({ date }) => told.add && part.open(`${told.add}?part=1&start=${wall(date)}`),
  });
  board.hidden = false;
  for (const hint of document.querySelectorAll("[data-board-hint]")) hint.hidden = false;
  for (const list of document.querySelectorAll("[data-board-list]")) list.open = false;
  calendar.render();
}

for (const board of document.querySelectorAll("[data-board]"))
  if (matchMedia(WIDE).matches) start(board);
