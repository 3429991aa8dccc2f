"""Documents of KSeF for employees: adding files, and deciding what waits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.generic import TemplateView, View

from ebok.journal.viewing import record_view
from ebok.zones.paging import page_of
from ebok.zones.views import LARGEST_ID, Crumb, ZoneMixin
from ebok_plugins.e_faktura.ksef import deciding, handing_out, numbers, printing, queries
from ebok_plugins.e_faktura.ksef.forms import AsideForm, CustomerForm, SeenForm, UploadForm
from ebok_plugins.e_faktura.ksef.paging import pages_of
from ebok_plugins.e_faktura.ksef.receiving import Taken, take
from ebok_plugins.e_faktura.ksef.uploads import documents_in
from ebok_plugins.e_faktura.models import KsefConfirmation, KsefDocument, KsefState
from ebok_plugins.e_faktura.templatetags.e_faktura_ksef import state_tone

PER_PAGE = 25
MOST_BROKEN = 20
STATES = (
    ("", pgettext_lazy("a KSeF file", "to be looked at")),
    *((state.value, state.label) for state in KsefState),
    ("all", pgettext_lazy("a KSeF file", "all")),
)


class KsefMixin(ZoneMixin):
    """For every page of the clerk about KSeF."""

    permission_required = "e_faktura.handle_ksef"
    title = gettext_lazy("Files of KSeF")

    def crumbs(self) -> list[Crumb]:
        """Bills, then here."""
        return [(gettext_lazy("Bills"), reverse("employee:e_faktura:deliveries")), (self.title, "")]


class KsefQueue(KsefMixin, TemplateView):
    """What waits for a person, or everything of one state."""

    template_name = "e_faktura/ksef/employee_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """One page, and confirmations nobody could read."""
        asked = self.request.GET.get("stan", "")
        state = asked if asked in dict(STATES) else ""
        return super().get_context_data(
            page_obj=page_of(self.request, queries.queue(state), PER_PAGE),
            broken_confirmations=list(queries.broken_confirmations()[:MOST_BROKEN]),
            states=STATES,
            state=state,
            **kwargs,
        )


@dataclass(frozen=True)
class Outcome:
    """What became of one file."""

    name: str
    sentence: str
    tag: str
    tone: str
    url: str = ""


class KsefAdd(KsefMixin, TemplateView):
    """Adding files; the answer says of each what became of it. Sending the same once more changes nothing."""

    template_name = "e_faktura/ksef/employee_add.html"
    title = gettext_lazy("Add files of KSeF")

    def crumbs(self) -> list[Crumb]:
        """The queue, then here."""
        queue: Crumb = (KsefMixin.title, reverse("employee:e_faktura:ksef"))
        return [*super().crumbs()[:1], queue, (self.title, "")]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The form."""
        kwargs.setdefault("form", UploadForm())
        return super().get_context_data(**kwargs)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Take each file in."""
        form = UploadForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=422)
        outcomes = [one for upload in form.cleaned_data["pliki"] for one in _taken(request, upload)]
        return self.render_to_response(self.get_context_data(outcomes=outcomes))


def _taken(request: HttpRequest, upload: File[bytes]) -> list[Outcome]:
    """Invoices before confirmations, so that a confirmation finds its invoices."""
    outcomes = []
    try:
        for name, content in documents_in(upload):
            outcomes.append(_outcome(name, take(content, name, actor=request.user, request=request)))
    except ValidationError as refused:
        sentence = " ".join(refused.messages)
        outcomes.append(Outcome(upload.name or "", sentence, str(KsefState.REFUSED.label), "bad"))
    return outcomes


def _outcome(name: str, taken: Taken) -> Outcome:
    row = taken.record
    url = (
        reverse("employee:e_faktura:ksef_document", kwargs={"pk": row.pk})
        if isinstance(row, KsefDocument)
        else ""
    )
    problems = row.problems
    if problems:
        sentence = " ".join(problem.sentence for problem in problems[:3])
    elif taken.is_confirmation:
        sentence = _("A confirmation (UPO).")
    else:
        sentence = _("Invoice %(number)s.") % {"number": str(row)}
    if not taken.is_new:
        sentence = " ".join((_("These very bytes are here already."), *_wrongly_named(name, row), sentence))
    return Outcome(name, sentence, str(row.get_state_display()), state_tone(row.state), url)


def _wrongly_named(name: str, row: KsefDocument | KsefConfirmation) -> Iterator[str]:
    """Whoever keeps a copy under another number than the invoice has should hear of it."""
    named = numbers.named_in(PurePath(name).name)
    if isinstance(row, KsefDocument) and row.number and named and named != row.number:
        yield _("This copy is named by another KSeF number than %(number)s, which the invoice has.") % {
            "number": row.number
        }


class OfKsefDocument(KsefMixin):
    """For what is about one document; 404 where there is none."""

    kwargs: dict[str, Any]

    @cached_property
    def document(self) -> KsefDocument:
        """The document of the address, in whatever state."""
        key = self.kwargs["pk"]
        found = queries.queue("all").filter(pk=key).first() if key <= LARGEST_ID else None
        if found is None:
            raise Http404
        return found

    def crumbs(self) -> list[Crumb]:
        """The queue, then the document."""
        queue: Crumb = (KsefMixin.title, reverse("employee:e_faktura:ksef"))
        return [*super().crumbs()[:1], queue, (str(self.document), "")]


class KsefDecisionPage(OfKsefDocument, TemplateView):
    """A file with everything it says, what is wrong, and what can be decided."""

    template_name = "e_faktura/ksef/employee_document.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show it; looking at a customer's invoice is journalled."""
        if self.document.customer_id is not None:
            record_view(
                "zones.viewed",
                text=_("Viewed: invoice %(number)s of KSeF") % {"number": str(self.document)},
                request=request,
                customer_id=self.document.customer_id,
            )
        return self.render_to_response(self.get_context_data())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The view, and the forms of the decisions that are open."""
        shown = handing_out.shown(self.document)
        kwargs.setdefault("forms", open_forms(self.document))
        return super().get_context_data(
            title=_("File of KSeF: %(name)s") % {"name": str(self.document)},
            document=self.document,
            shown=shown,
            pages=pages_of(self.request, shown.view),
            **kwargs,
        )


def open_forms(document: KsefDocument) -> dict[str, forms.Form]:
    """The decisions that can be made about a document in its state."""
    seen = {"seen": document.changes}
    found: dict[str, forms.Form] = {}
    if document.state == KsefState.WAITING:
        code = document.customer.code if document.customer is not None else ""
        found["give"] = CustomerForm(initial={**seen, "klient": code}, prefix="give")
    if document.state in (KsefState.WAITING, KsefState.REFUSED, KsefState.RECEIVED):
        found["aside"] = AsideForm(initial=seen, prefix="aside")
    if document.state != KsefState.KEPT:
        found["again"] = SeenForm(initial=seen, prefix="again")
    return found


class Decision(KsefDecisionPage):
    """A decision; what is refused comes back on the page with its reason."""

    http_method_names = ["post", "options"]
    form_class: type[SeenForm] = SeenForm
    key = ""
    done: Any = ""

    def post(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Decide, and show the document as it is now."""
        form = self.form_class(request.POST, prefix=self.key)
        if form.is_valid():
            try:
                self.decide(form)
            except ValidationError as refused:
                form.add_error(None, refused)
        if form.errors:
            shown = {**open_forms(self.document), self.key: form}
            return self.render_to_response(self.get_context_data(forms=shown, form=form), status=422)
        messages.success(request, str(self.done))
        return HttpResponseRedirect(reverse("employee:e_faktura:ksef_document", kwargs={"pk": pk}))

    def decide(self, form: SeenForm) -> None:
        """Do it. Raises `ValidationError`."""
        raise NotImplementedError


class GiveToCustomer(Decision):
    """It is this customer's."""

    form_class = CustomerForm
    key = "give"
    done = gettext_lazy("The document was given to the customer.")

    def decide(self, form: SeenForm) -> None:
        """Join and judge."""
        data = form.cleaned_data
        deciding.give_to(
            self.document, data["klient"], seen=data["seen"], actor=self.request.user, request=self.request
        )


class PutAside(Decision):
    """Nobody needs it."""

    form_class = AsideForm
    key = "aside"
    done = gettext_lazy("The file was put aside; it stays kept.")

    def decide(self, form: SeenForm) -> None:
        """Out of the queue."""
        data = form.cleaned_data
        deciding.put_aside(
            self.document, data["powod"], seen=data["seen"], actor=self.request.user, request=self.request
        )


class JudgeAgain(Decision):
    """More may be known now."""

    key = "again"
    done = gettext_lazy("The file was judged again.")

    def decide(self, form: SeenForm) -> None:
        """Look once more."""
        seen = form.cleaned_data["seen"]
        deciding.judge_again(self.document, seen=seen, actor=self.request.user, request=self.request)


class KsefFileOfEmployee(OfKsefDocument, View):
    """A file for an employee; taking it away is journalled."""

    what = "XML"

    def get(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """The bytes."""
        response = {
            "XML": handing_out.xml_response,
            "UPO": handing_out.upo_response,
            "PDF": printing.pdf_response,
        }[self.what](request, self.document)
        handing_out.journal_download(request, self.document, self.what)
        return response
