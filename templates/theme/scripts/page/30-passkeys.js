// Says what allauth's scripts would only write into the console: a key was not used.
document.addEventListener("allauth.error", (event) => {
  const note = document.querySelector("[data-eb-passkey-trouble]");
  if (note) {
    event.preventDefault();
    note.hidden = false;
  }
});
