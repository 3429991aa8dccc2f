// Search as you type: <input data-eb-suggest="/address/?q=" list="id-of-a-datalist">.
// The address answers {"items": ["…"]} or {"items": [{"value": "…", "label": "…"}]}; the
// suggestions are native options, so keyboard and screen reader support come with the browser.
// Without scripts the field is a plain text field and the form answers with the same search.
for (const field of document.querySelectorAll("input[data-eb-suggest]")) {
  const list = document.getElementById(field.getAttribute("list") || "");
  if (!list) continue;
  let timer;
  let running;
  const ask = () => {
    const text = field.value.trim();
    running?.abort();
    if (text.length < 2) return list.replaceChildren();
    running = new AbortController();
    fetch(field.dataset.ebSuggest + encodeURIComponent(text), {
      signal: running.signal,
      headers: { Accept: "application/json" },
    })
      .then((answer) => (answer.ok ? answer.json() : { items: [] }))
      .then(({ items }) => {
        list.replaceChildren(
          ...items.slice(0, 12).map((item) => {
            const option = document.createElement("option");
            option.value = typeof item === "string" ? item : item.value;
            if (item.label) option.label = item.label;
            return option;
          }),
        );
      })
      .catch(() => {}); // a newer key press, or no network: the form still sends
  };
  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, 180);
  });
}
