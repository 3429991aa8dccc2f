// Public pages are the same bytes for everyone, so they greet nobody by name. A readable flag
// cookie says that somebody is signed in; only then is the small "who am I" fragment fetched and
// put in place of the neutral sign-in link. When that fails, the link stays and still works.
const place = document.querySelector("[data-eb-who]");
if (place && /(?:^|; )ebok_signed_in=1(?:;|$)/.test(document.cookie)) {
  fetch(place.dataset.ebWho, { credentials: "same-origin", headers: { Accept: "text/html" } })
    .then((answer) => (answer.ok && answer.status === 200 ? answer.text() : ""))
    .then((fragment) => {
      if (fragment.trim()) place.innerHTML = fragment;
    })
    .catch(() => {});
}
