// Says while somebody types what the server would say: <form data-eb-check="/address/">.
// What is typed goes to the address; in the answer, elements with data-eb-live take the places of those
// with the same id. One that holds the focus is left alone. Without scripts "Check first" does the same.
for (const form of document.querySelectorAll("form[data-eb-check]")) {
  let timer;
  let running;
  const typed = () => {
    const data = new FormData(form);
    for (const field of form.querySelectorAll("input[type=file]")) data.delete(field.name); // not for looking
    return data;
  };
  const ask = () => {
    running?.abort();
    running = new AbortController();
    fetch(form.dataset.ebCheck, { method: "POST", body: typed(), signal: running.signal, credentials: "same-origin" })
      .then((answer) => (answer.ok ? answer.text() : ""))
      .then((text) => {
        const parts = new DOMParser().parseFromString(text, "text/html").querySelectorAll("[data-eb-live]");
        for (const part of parts) {
          const place = document.getElementById(part.id);
          if (place && !place.contains(document.activeElement)) place.replaceChildren(...part.childNodes);
        }
      })
      .catch(() => {}); // a newer key press, or no network: sending says the same
  };
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, 350);
  });
}
