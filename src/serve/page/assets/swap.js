// Follows links between searches without a new page: what is new takes the place of what was there,
// and the reader's place, focus and unfolded facets stay.

import { say } from "./store.js";

let latest = 0;
let shown = location.pathname + location.search;

/** Takes over links and forms of the search view; `ready` is called when something was replaced. */
export function swap(ready) {
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("#view a[href]");
    const isPlain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey;
    if (!link || !isPlain || event.defaultPrevented) return;
    const url = new URL(link.getAttribute("href"), location.href);
    if (!isSearch(url) || url.hash) return;
    event.preventDefault();
    const turns = link.closest(".pages") !== null;
    go(url, ready, { link, turns });
  });
  document.addEventListener("submit", (event) => {
    const form = event.target.closest("#view form");
    const url = form && new URL(form.action);
    if (!url || !isSearch(url) || event.defaultPrevented) return;
    event.preventDefault();
    url.search = new URLSearchParams(new FormData(form)).toString();
    go(url, ready, { link: document.activeElement });
  });
  addEventListener("popstate", () => {
    const url = new URL(location.href);
    if (url.pathname + url.search === shown) return;
    if (isSearch(url)) go(url, ready, { returns: true });
    else location.reload();
  });
}

function isSearch(url) {
  const path = "/search";
  return url.origin === location.origin && url.pathname === path && location.pathname === path;
}

async function go(url, ready, { link = null, turns = false, returns = false }) {
  const turn = ++latest;
  const view = document.getElementById("view");
  view.setAttribute("aria-busy", "true");
  let page;
  try {
    const response = await fetch(url, { headers: { accept: "text/html" } });
    // A form's address may have a better spelling.
    if (response.redirected) url = new URL(response.url);
    page = new DOMParser().parseFromString(await response.text(), "text/html");
  } catch {
    location.assign(url);
    return;
  }
  // A later click has overtaken this one.
  if (turn !== latest) return;
  const fresh = page.getElementById("view");
  if (!fresh) {
    location.assign(url);
    return;
  }
  const unfolded = [...view.querySelectorAll(".facet details[open]")].map(facetOf);
  const hash = location.hash === "#filters" ? "#filters" : "";
  if (!returns) history.pushState(null, "", url.pathname + url.search + hash);
  shown = url.pathname + url.search;
  document.title = page.title;
  for (const part of [".views", ".tools"]) {
    document.querySelector(part).replaceWith(page.querySelector(part));
  }
  carryOn(document.querySelector(".ask"), page.querySelector(".ask"));
  view.dataset.kept = fresh.dataset.kept;
  // The panels themselves stay: one of them may be the target of the address.
  for (const panel of ["filters", "main"]) {
    document.getElementById(panel).replaceChildren(...page.getElementById(panel).childNodes);
  }
  view.removeAttribute("aria-busy");
  for (const details of document.querySelectorAll(".facet details")) {
    details.open = unfolded.includes(facetOf(details));
  }
  if (link) refocus(link);
  if (turns) scrollTo(0, 0);
  say(document.querySelector(".totals")?.textContent ?? "");
  ready();
}

/** The box keeps its listeners and what is being typed; its form carries on the new filters. */
function carryOn(form, fresh) {
  const hidden = (form) => form.querySelectorAll('input[type="hidden"]');
  for (const input of hidden(form)) input.remove();
  form.prepend(...hidden(fresh));
  const box = form.querySelector("#q");
  if (document.activeElement !== box) box.value = fresh.querySelector("#q").value;
}

function facetOf(element) {
  return element.closest(".facet")?.getAttribute("aria-labelledby") ?? null;
}

/** Puts the focus on the control that stands where the used one stood. */
function refocus(link) {
  const key = (element) =>
    element.dataset.key ?? element.dataset.year ?? element.name ?? element.textContent.trim();
  const [facet, name] = [facetOf(link), key(link)];
  const controls = document.querySelectorAll(`#view ${link.tagName.toLowerCase()}`);
  const same = [...controls].find((other) => facetOf(other) === facet && key(other) === name);
  (same ?? document.getElementById("main")).focus({ preventScroll: true });
}
