// Closes the address menu (a native <details>) with Escape or a click beside it.
const panels = document.querySelectorAll("details.eb-switch");
if (panels.length) {
  document.addEventListener("click", (event) => {
    for (const panel of panels) if (!panel.contains(event.target)) panel.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const panel of panels) {
      if (!panel.open) continue;
      panel.open = false;
      panel.querySelector("summary")?.focus();
    }
  });
}
