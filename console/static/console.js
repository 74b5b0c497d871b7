// The keyboard: an element with data-key is pressed by that key; ? shows what keys there are.
// Nothing here is needed to read or to decide: every act is a link or a form of the page.
"use strict";

const typing = (element) => element.closest("input:not([type=checkbox]), textarea, select, [contenteditable]") !== null;
const pages = { r: "/review", h: "/held", f: "/find", u: "/runs", a: "/audit", p: "/people" };
let going = false;

const press = (key) => {
  for (const element of document.querySelectorAll("[data-key]")) {
    if (element.dataset.key.split(" ").includes(key)) {
      element.click();
      return true;
    }
  }
  return false;
};

const legend = () => document.getElementById("keys").showModal();
const find = () => {
  const field = document.getElementById("first-field");
  if (field) field.focus();
  else location.assign("/find");
};
const note = () => document.getElementById("why")?.focus();
const step = (by) => {
  const rows = [...document.querySelectorAll("[data-row]")];
  const at = rows.indexOf(document.activeElement);
  rows[at < 0 ? 0 : Math.min(Math.max(at + by, 0), rows.length - 1)]?.focus();
};
const acts = { "?": legend, "/": find, n: note, j: () => step(1), k: () => step(-1) };

document.addEventListener("keydown", (event) => {
  // 229: what an input method takes for itself, also where a browser says so by this number alone.
  if (event.isComposing || event.keyCode === 229) return;
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (typing(event.target)) {
    // Enter ends a note: it must not press the first button of the form.
    const ends = event.key === "Escape" || (event.key === "Enter" && event.target.id === "why");
    if (ends) {
      event.preventDefault();
      event.target.blur();
    }
    return;
  }
  if (event.repeat) return;
  if (document.querySelector("dialog[open]")) return;
  if (going && pages[event.key]) {
    going = false;
    event.preventDefault();
    location.assign(pages[event.key]);
    return;
  }
  going = event.key === "g";
  if (event.key === "Enter" && event.target !== document.body && event.target.id !== "main") return;
  if (press(event.key)) event.preventDefault();
  else if (acts[event.key]) {
    event.preventDefault();
    acts[event.key]();
  }
});

// A second press must not decide a case that is not on the screen yet.
document.addEventListener("submit", (event) => {
  if (event.target.dataset.sent) event.preventDefault();
  else if (event.target.method === "post") event.target.dataset.sent = "1";
});
addEventListener("pageshow", () => {
  for (const form of document.forms) delete form.dataset.sent;
});

// What scrolls can be scrolled by the arrow keys.
const reach = () => {
  for (const box of document.querySelectorAll(".scroll")) {
    if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
    else box.removeAttribute("tabindex");
  }
};
addEventListener("resize", reach);
reach();

// A link that is handed on names the machine too.
for (const link of document.querySelectorAll("a.secret")) link.textContent = link.href;
