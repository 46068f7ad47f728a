// Searches of before: recent ones by themselves, saved ones by request.

import { say, store, stored } from "./store.js";

const MOST = { recent: 15, saved: 200 };

/** Returns the search that the page shows, `null` if it shows none. */
function shown() {
  const name = document.getElementById("view")?.dataset.kept;
  const params = new URLSearchParams(location.search);
  params.delete("page");
  const query = params.toString();
  return name && query ? { name, query } : null;
}

function add(list, search) {
  const others = stored(list, []).filter((other) => other.query !== search.query);
  store(list, [search, ...others].slice(0, MOST[list]));
}

function remove(list, search) {
  store(list, stored(list, []).filter((other) => other.query !== search.query));
}

/** Keeps the search that the page shows among the recent ones. */
export function remember() {
  const search = shown();
  if (search) add("recent", search);
}

/** Saves the search that the page shows. */
export function keep(button) {
  const search = shown();
  if (!search) return;
  add("saved", search);
  button.textContent = button.dataset.done;
  button.classList.add("done");
  say(button.dataset.done);
}

/** Forgets the recent searches. */
export function forget() {
  store("recent", []);
  listKept();
}

/** Lists both on the first page. */
export function listKept() {
  for (const section of document.querySelectorAll("[data-list]")) {
    const list = section.dataset.list;
    const searches = stored(list, []);
    const items = section.querySelector("ul");
    section.hidden = searches.length === 0;
    items.replaceChildren(...searches.map((search) => item(list, search, items.dataset.forget)));
  }
}

function item(list, search, forgetLabel) {
  const link = document.createElement("a");
  link.href = `/search?${search.query}`;
  link.textContent = search.name;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "quiet";
  button.textContent = "×";
  button.setAttribute("aria-label", `${forgetLabel} ${search.name}`);
  button.addEventListener("click", () => {
    remove(list, search);
    listKept();
  });
  const entry = document.createElement("li");
  entry.append(link, button);
  return entry;
}
