// Closes an open panel (a native <details>: addresses, who is signed in) with Escape or a click
// beside it. Asked at the moment of the event: a panel may have come after the page.
const openPanels = () => document.querySelectorAll("details.eb-switch[open]");
document.addEventListener("click", (event) => {
  for (const panel of openPanels()) if (!panel.contains(event.target)) panel.open = false;
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const panel of openPanels()) {
    panel.open = false;
    panel.querySelector("summary")?.focus();
  }
});
