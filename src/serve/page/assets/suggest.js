// What may be meant, while it is typed: agencies, regions and words of the index, and searches of
// before while the box is empty. A combobox as the ARIA practices have it.

import { stored } from "./store.js";

const PAUSE = 120;
const LIMIT = 5;

/** Offers suggestions under the box of a form. */
export function suggest(form) {
  const box = form?.querySelector("#q");
  if (!box) return;
  const list = document.createElement("ul");
  list.className = "offers";
  list.id = "offers";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", box.getAttribute("aria-label"));
  box.after(list);
  for (const [name, value] of Object.entries({
    role: "combobox",
    "aria-autocomplete": "list",
    "aria-controls": list.id,
    "aria-expanded": "false",
  })) {
    box.setAttribute(name, value);
  }

  let offers = [];
  let at = -1;
  let timer = 0;
  let asked = 0;

  const mark = (index) => {
    at = index;
    [...list.children].forEach((option, other) => {
      option.setAttribute("aria-selected", String(other === at));
    });
    list.children[at]?.scrollIntoView({ block: "nearest" });
    if (at < 0) box.removeAttribute("aria-activedescendant");
    else box.setAttribute("aria-activedescendant", list.children[at].id);
  };

  const show = (found) => {
    offers = found;
    list.replaceChildren(...offers.map(option));
    list.hidden = offers.length === 0;
    box.setAttribute("aria-expanded", String(offers.length > 0));
    mark(-1);
  };

  const take = (index) => {
    const offer = offers[index];
    show([]);
    if (offer.address) {
      location.assign(offer.address);
      return;
    }
    box.value = offer.query;
    form.requestSubmit();
  };

  const look = async () => {
    const turn = ++asked;
    const found = await lookUp(box.value);
    // What was typed since then has its own answer.
    if (turn === asked && document.activeElement === box) show(found);
  };

  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(look, PAUSE);
  };

  box.addEventListener("input", (event) => {
    if (!event.isComposing) later();
  });
  box.addEventListener("compositionend", later);
  box.addEventListener("click", () => {
    if (list.hidden) later();
  });
  box.addEventListener("blur", () => {
    clearTimeout(timer);
    show([]);
  });
  box.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "Escape" && !list.hidden) {
      show([]);
      event.preventDefault();
    } else if (event.key === "ArrowDown" && list.hidden) {
      look();
      event.preventDefault();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const by = event.key === "ArrowDown" ? 1 : -1;
      // One step beyond the ends is the box itself.
      mark(((at + 1 + by + offers.length + 1) % (offers.length + 1)) - 1);
      event.preventDefault();
    } else if (event.key === "Enter" && at >= 0) {
      take(at);
      event.preventDefault();
    }
  });
  // Before the box loses the focus, and with it the list.
  list.addEventListener("pointerdown", (event) => {
    const chosen = event.target.closest('[role="option"]');
    event.preventDefault();
    if (chosen) take([...list.children].indexOf(chosen));
  });
}

function option({ text, what }, index) {
  const item = document.createElement("li");
  item.id = `offer-${index}`;
  item.setAttribute("role", "option");
  const name = document.createElement("span");
  name.textContent = text;
  const remark = document.createElement("span");
  remark.className = "soft";
  remark.textContent = what;
  item.append(name, remark);
  return item;
}

async function lookUp(typed) {
  if (typed.trim() === "") {
    return [...stored("saved", []), ...stored("recent", [])]
      .slice(0, 2 * LIMIT)
      .map(({ name, query }) => ({ text: name, what: "", address: `/search?${query}` }));
  }
  try {
    const query = new URLSearchParams({ q: typed, limit: LIMIT });
    const response = await fetch(`/api/v1/suggest?${query}`);
    if (!response.ok) return [];
    return offersOf(typed, await response.json());
  } catch {
    return [];
  }
}

/** Words complete what is typed; agencies and regions become filters. */
function offersOf(typed, { word, agencies, regions, terms }) {
  const before = typed.slice(0, typed.length - word.length);
  const count = (number) => number.toLocaleString("en-US");
  const filter = (name, value) => {
    const params = new URLSearchParams(location.pathname === "/search" ? location.search : "");
    for (const gone of ["page", "find", "find_in"]) params.delete(gone);
    if (before.trim()) params.set("q", before.trim());
    else params.delete("q");
    params.append(name, value);
    return `/search?${params}`;
  };
  const facets = (name, list) =>
    list.slice(0, 3).map(({ value, count: passages }) => ({
      text: value,
      what: `${labels()[name]} ${count(passages)}`,
      address: filter(name, value),
    }));
  return [
    ...terms
      .filter(({ value }) => value !== word)
      .slice(0, LIMIT)
      .map(({ value, passages }) => ({
        text: before + value,
        what: count(passages),
        query: before + value,
      })),
    ...facets("agency", agencies),
    ...facets("region", regions),
  ];
}

function labels() {
  return document.documentElement.lang === "en"
    ? { agency: "agency", region: "region" }
    : { agency: "部门", region: "地区" };
}
