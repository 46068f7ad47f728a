// Everything here spares steps; searching and reading work without it.
//
// Invariant: text from the index reaches the page as text, never as markup.

import { copy } from "./copy.js";
import { copyHit, openHit, step, unfold } from "./hits.js";
import { forget, keep, listKept, remember } from "./kept.js";
import { follow, nextMark, previousMark, read } from "./reader.js";
import { suggest } from "./suggest.js";
import { stored, store } from "./store.js";
import { swap } from "./swap.js";
import { drag } from "./years.js";

/** What the buttons do, by their `data-do`. */
const DEEDS = {
  copy,
  forget,
  keep,
  next: nextMark,
  previous: previousMark,
  theme: changeTheme,
};

/** What single keys do; each returns whether it did anything. */
const KEYS = {
  "/": focusBox,
  "?": showKeys,
  "[": () => turn("prev"),
  "]": () => turn("next"),
  c: copyHit,
  j: () => step(1),
  k: () => step(-1),
  n: nextMark,
  o: unfold,
  p: previousMark,
  Enter: openHit,
};

function changeTheme() {
  const dark = document.getElementById("dark");
  const theme = matchMedia(dark.media).matches ? "light" : "dark";
  dark.media = theme === "dark" ? "all" : "not all";
  store("theme", theme);
  return true;
}

function focusBox() {
  const box = document.getElementById("q");
  box?.focus();
  box?.select();
  return Boolean(box);
}

function showKeys() {
  document.getElementById("keys").showModal();
  return true;
}

function turn(rel) {
  const link = document.querySelector(`.pages a[rel="${rel}"]`);
  link?.click();
  return Boolean(link);
}

function takesText(element) {
  return element.closest("input, textarea, select, [contenteditable]") !== null;
}

document.addEventListener("keydown", (event) => {
  const deed = KEYS[event.key];
  const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey && !event.isComposing;
  if (!deed || !isPlain || takesText(event.target) || document.querySelector("dialog[open]")) return;
  // A link or button that has the focus keeps its Enter.
  if (event.key === "Enter" && event.target.closest("a, button, summary")) return;
  if (event.key !== "Enter" && stored("keys", true) === false) return;
  if (deed()) event.preventDefault();
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-do]");
  if (button) DEEDS[button.dataset.do]?.(button);
});

const switched = document.getElementById("keys-on");
switched.checked = stored("keys", true);
switched.addEventListener("change", () => store("keys", switched.checked));

/** Readies what a new page, or a new part of one, holds. */
function ready() {
  for (const control of document.querySelectorAll("[data-do][hidden], .steps[hidden]")) {
    control.hidden = false;
  }
  remember();
  listKept();
  read();
}

ready();
suggest(document.querySelector(".ask"));
follow();
drag();
swap(ready);
