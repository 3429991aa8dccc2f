// Starts govuk-frontend on pages that use one of its components (error summary, character count…).
// Its file is big, so other pages never load it. The address comes from the page: it is hashed.
if ("noModule" in HTMLScriptElement.prototype) {
  document.body.classList.add("js-enabled", "govuk-frontend-supported");
}
const source = document.querySelector("script[data-govuk]");
if (source && document.querySelector('[data-module^="govuk-"]')) {
  import(source.dataset.govuk).then((govuk) => govuk.initAll());
}
