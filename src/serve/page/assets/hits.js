// From hit to hit by keyboard.

import { copy } from "./copy.js";

/** Returns the hit, or the passage of a report, that has the reader's attention. */
function current() {
  return (
    document.activeElement.closest(".hit, .passage") ??
    document.querySelector(".passage.here, .passage:target")
  );
}

/** Goes to the hit so many further on. */
export function step(by) {
  const hits = [...document.querySelectorAll(".hit")];
  const at = hits.indexOf(document.activeElement.closest(".hit"));
  const next = hits[at < 0 ? (by > 0 ? 0 : -1) : at + by];
  next?.focus({ preventScroll: true });
  next?.scrollIntoView({ block: "nearest" });
  return hits.length > 0;
}

/** Opens the report of the hit. */
export function openHit() {
  const link = current()?.querySelector("h2 a");
  link?.click();
  return Boolean(link);
}

/** Shows the whole passage, or the excerpt again. */
export function unfold() {
  const summary = current()?.querySelector("summary");
  summary?.click();
  return Boolean(summary);
}

/** Copies the hit with its source. */
export function copyHit() {
  const button = current()?.querySelector('[data-do="copy"]');
  if (button) copy(button);
  return Boolean(button);
}
