// Reading a report: from match to match, and the outline keeps up.

let at = -1;

function marks() {
  return [...document.querySelectorAll(".paper mark")];
}

/** Begins at the passage that the address names. */
export function read() {
  const passage = document.getElementById(location.hash.slice(1));
  at = marks().findIndex((mark) => passage?.contains(mark));
  show(false);
}

/** Goes to the next match. */
export function nextMark() {
  return go(1);
}

/** Goes to the previous match. */
export function previousMark() {
  return go(-1);
}

function go(by) {
  const count = marks().length;
  if (count === 0) return false;
  at = at < 0 ? (by > 0 ? 0 : count - 1) : (at + by + count) % count;
  show(true);
  return true;
}

function show(scrolls) {
  for (const old of document.querySelectorAll("mark.at, .passage.here")) {
    old.classList.remove("at", "here");
  }
  const mark = marks()[at];
  const counter = document.querySelector("[data-at]");
  if (counter) counter.textContent = mark ? String(at + 1) : "–";
  if (!mark) return;
  mark.classList.add("at");
  mark.closest(".passage").classList.add("here");
  if (scrolls) mark.scrollIntoView({ block: "center" });
}

addEventListener("hashchange", read);

/** Marks in the outline what is being read. */
export function follow() {
  const links = [...document.querySelectorAll('.outline a[href^="#p-"]')];
  if (links.length === 0 || !("IntersectionObserver" in window)) return;
  const byId = new Map();
  // Headings may share their first passage: the innermost names it.
  for (const link of links) byId.set(link.hash.slice(1), link);
  let section = null;
  const owners = new Map();
  for (const passage of document.querySelectorAll(".passage")) {
    section = byId.get(passage.id) ?? section;
    owners.set(passage, section);
  }
  const seen = new Set();
  const observer = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        if (isIntersecting) seen.add(target);
        else seen.delete(target);
      }
      const first = [...owners.keys()].find((passage) => seen.has(passage));
      if (!first) return;
      for (const link of links) {
        if (link === owners.get(first)) {
          link.setAttribute("aria-current", "true");
          keepInView(link);
        } else {
          link.removeAttribute("aria-current");
        }
      }
    },
    { rootMargin: "-90px 0px -60% 0px" },
  );
  for (const passage of owners.keys()) observer.observe(passage);
}

/** Scrolls the outline, never the page. */
function keepInView(link) {
  const outline = link.closest(".outline");
  const [box, inner] = [outline.getBoundingClientRect(), link.getBoundingClientRect()];
  if (inner.top < box.top) outline.scrollTop -= box.top - inner.top;
  if (inner.bottom > box.bottom) outline.scrollTop += inner.bottom - box.bottom;
}
