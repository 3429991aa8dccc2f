// "Print this page" buttons. They are hidden until this script can serve them.
for (const button of document.querySelectorAll("button[data-eb-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
