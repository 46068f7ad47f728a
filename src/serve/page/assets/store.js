// What the browser keeps for this reader; nothing of it leaves the machine.

const PREFIX = "zhengsou.";

/** Returns what was stored under a name, or what is usual. */
export function stored(name, usual) {
  try {
    const text = localStorage.getItem(PREFIX + name);
    if (text === null) return usual;
    return typeof usual === "string" ? text : JSON.parse(text);
  } catch {
    return usual;
  }
}

/** Stores a value under a name, if the browser lets us. */
export function store(name, value) {
  try {
    localStorage.setItem(PREFIX + name, typeof value === "string" ? value : JSON.stringify(value));
  } catch {
    // Forbidden or full: the page works without.
  }
}

/** Says something to those who do not see the page change. */
export function say(text) {
  document.getElementById("status").textContent = text;
}
