// Dragging across the histogram chooses the years from one bar to another.

/** Listens for drags over bars. */
export function drag() {
  let from = null;
  let to = null;
  const bar = (event) => event.target.closest?.(".years a[data-year]");

  const show = () => {
    for (const other of document.querySelectorAll(".years a[data-year]")) {
      const year = Number(other.dataset.year);
      const isHeld = from && to && year >= Math.min(from, to) && year <= Math.max(from, to);
      other.classList.toggle("held", Boolean(isHeld));
    }
  };
  document.addEventListener("pointerdown", (event) => {
    const start = bar(event);
    if (!start || event.pointerType === "touch") return;
    from = to = Number(start.dataset.year);
  });
  document.addEventListener("pointermove", (event) => {
    const over = from && bar(event);
    if (!over) return;
    to = Number(over.dataset.year);
    if (to !== from) show();
  });
  document.addEventListener("pointerup", () => {
    const target = document.querySelector('input[name="from"]')?.form;
    if (from && to && from !== to && target) {
      target.elements.from.value = Math.min(from, to);
      target.elements.to.value = Math.max(from, to);
      target.requestSubmit();
    }
    from = to = null;
    show();
  });
  // A bar is a link, which the browser would drag away.
  document.addEventListener("dragstart", (event) => {
    if (bar(event)) event.preventDefault();
  });
}
