// Offers the contrast theme once to a reader whose system asks for more contrast.
const hint = document.querySelector("[data-eb-contrast-hint]");
const answered = () => {
  try {
    return localStorage.getItem("ebok-contrast-hint") === "no";
  } catch {
    return true; // storage is closed to us: do not ask on every page
  }
};
if (
  hint &&
  document.documentElement.dataset.theme !== "contrast" &&
  window.matchMedia("(prefers-contrast: more)").matches &&
  !answered()
) {
  hint.hidden = false;
  hint.querySelector("[data-eb-dismiss]")?.addEventListener("click", () => {
    localStorage.setItem("ebok-contrast-hint", "no");
    hint.hidden = true;
  });
}
