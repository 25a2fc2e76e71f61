/**
 * Files that take long to send: <form enctype="multipart/form-data" data-upload> shows how much has
 * arrived, and keeps the chosen file and everything typed when the line breaks, to be sent again.
 * Without this file the browser sends the form by itself.
 */
import { word } from "./words.js";
import { toast } from "./panels.js";

function barOf(form) {
  const known = form.querySelector(":scope > [data-upload-bar]");
  if (known) return known;
  const bar = document.getElementById("upload-bar").content.firstElementChild.cloneNode(true);
  form.append(bar);
  return bar;
}

function show(bar, sent, total) {
  const percent = total ? Math.floor((100 * sent) / total) : 0;
  bar.hidden = false;
  bar.querySelector("progress").value = percent;
  bar.querySelector("[data-percent]").textContent = `${percent} %`;
  bar.querySelector("[role=status]").textContent = word(percent < 100 ? "uploading" : "uploadChecked");
}

/** An answer that is a page of its own is gone to; a refusal comes into this page, and so does this
 * page with what is new on it. */
function take(request, form) {
  const there = new URL(request.responseURL);
  if (![new URL(form.action).pathname, location.pathname].includes(there.pathname)) return location.assign(request.responseURL);
  const page = new DOMParser().parseFromString(request.responseText, "text/html");
  const fresh = page.querySelector("main");
  if (!fresh) return location.assign(request.responseURL);
  document.querySelector("main").replaceWith(document.adoptNode(fresh));
  document.dispatchEvent(new CustomEvent("vang:replaced"));
  const wrong = fresh.querySelector(".notice[role=alert]") ? null : fresh.querySelector("[aria-invalid=true]");
  (wrong ?? fresh.querySelector(".notice[role=alert]") ?? fresh).focus();
  if (wrong) wrong.scrollIntoView({ block: "center" });
  else scrollTo(0, 0);
}

function broken(form, bar) {
  bar.hidden = true;
  delete form.dataset.sent;
  form.dispatchEvent(new Event("vang:unsent"));
  toast(word("uploadBroken"), "bad");
}

function send(event) {
  const form = event.target;
  if (!form.matches?.("form[data-upload]") || event.defaultPrevented) return;
  const files = [...form.querySelectorAll("input[type=file]")].some((input) => input.files.length);
  if (!files) return;
  event.preventDefault();
  if (form.dataset.sent) return;
  form.dataset.sent = "1";
  const bar = barOf(form);
  const request = new XMLHttpRequest();
  request.open("POST", form.action);
  request.setRequestHeader("Accept", "text/html");
  request.upload.addEventListener("progress", ({ loaded, total }) => show(bar, loaded, total));
  request.addEventListener("load", () => take(request, form));
  for (const fault of ["error", "abort", "timeout"]) request.addEventListener(fault, () => broken(form, bar));
  bar.querySelector("[data-cancel]").onclick = () => request.abort();
  show(bar, 0, 1);
  request.send(new FormData(form, event.submitter));
}

document.addEventListener("submit", send);
