// Browser self-test: fills in what only a script can know. Without it the page says so in words.
// <ul data-eb-selftest data-time="server's seconds since 1970" data-ok="Works" data-bad="Does not work">
// with items [data-eb-check="scripts|clock"], each holding a [data-eb-result].
const box = document.querySelector("[data-eb-selftest]");
if (box) {
  // The server read its clock while making the page; the first byte left it a moment later.
  const arrived = performance.timeOrigin + (performance.getEntriesByType("navigation")[0]?.responseStart ?? 0);
  const apart = Math.abs(arrived - Number(box.dataset.time) * 1000);
  tell("scripts", true);
  tell("clock", apart < 120000);
}

function tell(name, works) {
  const place = box.querySelector(`[data-eb-check="${name}"] [data-eb-result]`);
  if (!place) return;
  const sample = box.querySelector(".eb-tag--ok .eb-i");
  const tag = document.createElement("strong");
  tag.className = `govuk-tag ${works ? "eb-tag--ok" : "eb-tag--bad"}`;
  if (works && sample) tag.append(sample.cloneNode(true));
  tag.append(works ? box.dataset.ok : box.dataset.bad);
  place.replaceChildren(tag);
}
