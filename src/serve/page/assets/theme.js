// Puts the chosen colours in force before anything is drawn.
try {
  const theme = localStorage.getItem("zhengsou.theme");
  const media = { dark: "all", light: "not all" }[theme];
  if (media) document.getElementById("dark").media = media;
} catch {
  // Storage may be forbidden: the system decides.
}
