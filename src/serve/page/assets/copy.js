// Copies a passage with its source.

import { say } from "./store.js";

/** Copies the passage that the button belongs to, with the source line that the server wrote. */
export async function copy(button) {
  const text = button.closest(".hit, .passage").querySelector("[data-text]").cloneNode(true);
  // Of a comparison, only what this passage says.
  for (const gone of text.querySelectorAll("del")) gone.remove();
  await write(text.textContent.trim() + button.dataset.citation);
  const label = button.querySelector("span");
  button.dataset.label ??= label.textContent;
  label.textContent = button.dataset.done;
  button.classList.add("done");
  say(button.dataset.done);
  setTimeout(() => {
    label.textContent = button.dataset.label;
    button.classList.remove("done");
  }, 2000);
}

async function write(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    writeOldWay(text);
  }
}

/** On an intranet without TLS browsers have no `navigator.clipboard`. */
function writeOldWay(text) {
  const area = document.createElement("textarea");
  area.value = text;
  area.className = "aside";
  const focused = document.activeElement;
  document.body.append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
  focused?.focus();
}
