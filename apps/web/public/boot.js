// Runs before the first paint, so that a chosen theme and language never flash the other one.
// It is a file and not an inline script because the content security policy allows none.
try {
  const chosen = JSON.parse(localStorage.getItem("eduai.settings") || "{}").state || {};
  if (chosen.theme === "light" || chosen.theme === "dark") document.documentElement.dataset.theme = chosen.theme;
  if (chosen.language) document.documentElement.lang = chosen.language;
} catch {
  // Storage may be switched off; the system's own choice then holds.
}
