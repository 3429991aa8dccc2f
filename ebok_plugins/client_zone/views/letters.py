"""Accounts in bulk in the employee zone: choose, order, watch, download, follow up."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import TemplateView, View

from ebok.accounts.models import User
from ebok.zones.paging import page_of
from ebok.zones.views import LARGEST_ID, Crumb, ZoneMixin
from ebok_plugins.client_zone.letters import choosing, queries, services
from ebok_plugins.client_zone.letters.forms import ChoiceForm
from ebok_plugins.client_zone.letters.storage import files
from ebok_plugins.client_zone.models import AccessLetter, LetterBatch, LetterFile
from ebok_plugins.client_zone.models.letters import LetterState
from ebok_plugins.client_zone.views.public import site_of

PER_PAGE = 25
LETTERS_PER_PAGE = 50
SHOWN = 8
CHUNK = 64 * 1024
TONES = {
    LetterState.ASKED: "mute",
    LetterState.MADE: "",
    LetterState.SENT: "due",
    LetterState.USED: "ok",
    LetterState.EXPIRED: "bad",
    LetterState.CANCELLED: "mute",
}


class LettersMixin(ZoneMixin):
    """For every page about letters: the permission and the site."""

    permission_required = "client_zone.bulk_accounts"
    title = gettext_lazy("Letters with codes")
    help_topic = "letters"

    @property
    def employee(self) -> User:
        """Who acts; the zone has let nobody in who is not signed in."""
        return cast("User", self.request.user)

    def batch(self) -> LetterBatch:
        """The batch of the address; 404 on another site, and where there is none."""
        if self.kwargs["batch"] > LARGEST_ID:
            raise Http404
        return get_object_or_404(queries.batches(site_of(self.request)), pk=self.kwargs["batch"])


class Batches(LettersMixin, TemplateView):
    """The batches, and letters clients have asked for."""

    http_method_names = ["get", "head", "post", "options"]
    template_name = "client_zone/letters/batches.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """One page of batches."""
        return super().get_context_data(
            page_obj=page_of(self.request, queries.batches(site_of(self.request)), PER_PAGE),
            asked=queries.asked().count(),
            **kwargs,
        )

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """Order what clients have asked for."""
        try:
            batch = services.order_asked(site=site_of(request), by=self.employee, request=request)
        except services.NothingToSend:
            messages.info(request, _("Nobody waits for a letter any more."))
            return redirect("employee:client_zone:letters")
        return redirect("employee:client_zone:batch", batch=batch.pk)


class NewBatch(LettersMixin, TemplateView):
    """Choose by group, by words, without an account; see how many; order."""

    http_method_names = ["get", "head", "post", "options"]
    template_name = "client_zone/letters/new.html"
    title = gettext_lazy("New letters")

    def crumbs(self) -> list[Crumb]:
        """The batches, then here."""
        return [(_("Letters with codes"), reverse("employee:client_zone:letters")), (self.title, "")]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The form, and, once something was chosen, how many it finds with the first of them."""
        asked = "szukaj" in self.request.GET
        form = ChoiceForm(self.request.GET) if asked else ChoiceForm()
        if asked and form.is_valid():
            found = choosing.chosen(form.choice())
            count = choosing.count_up_to(found)
            kwargs.update(
                found=list(found[:SHOWN]),
                count=min(count, choosing.MOST_LETTERS),
                is_more=count > choosing.MOST_LETTERS,
                others=max(0, min(count, choosing.MOST_LETTERS) - SHOWN),
                query_string=self.request.GET.urlencode(),
            )
        return super().get_context_data(form=form, asked=asked, **kwargs)

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """Order letters for what the address has chosen."""
        form = ChoiceForm(request.GET)
        if "szukaj" not in request.GET or not form.is_valid():
            return redirect("employee:client_zone:new_letters")
        try:
            batch = services.order(form.choice(), site=site_of(request), by=self.employee, request=request)
        except services.NothingToSend:
            messages.info(request, _("Nobody fits what you chose."))
            return self.get(request)
        messages.success(
            request,
            ngettext("%(count)d letter is being made.", "%(count)d letters are being made.", batch.total)
            % {"count": batch.total},
        )
        return redirect("employee:client_zone:batch", batch=batch.pk)


class BatchPage(LettersMixin, TemplateView):
    """One batch: how far it is, its files, what became of its letters."""

    http_method_names = ["get", "head", "post", "options"]
    template_name = "client_zone/letters/batch.html"

    def crumbs(self) -> list[Crumb]:
        """The batches, then here."""
        return [
            (_("Letters with codes"), reverse("employee:client_zone:letters")),
            (capfirst(self.shown.title), ""),
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Numbers by state, files, and one page of letters."""
        self.shown = self.batch()
        now = timezone.now()
        letters = (
            AccessLetter.objects.filter(batch=self.shown).select_related("customer", "used_by").order_by("pk")
        )
        page = page_of(self.request, letters, LETTERS_PER_PAGE)
        counts = queries.states(self.shown, now)
        kwargs.update(
            title=capfirst(self.shown.title),
            batch=self.shown,
            files=list(self.shown.files.order_by("number")),
            states=[(LetterState(state).label, number) for state, number in counts.items() if number],
            may_cancel=bool(counts[LetterState.MADE] + counts[LetterState.SENT] + counts[LetterState.ASKED]),
            page_obj=page,
            letters=[(letter, *_state(letter.state_at(now))) for letter in page.object_list],
        )
        return super().get_context_data(**kwargs)

    def post(self, request: HttpRequest, batch: int) -> HttpResponseBase:
        """Mark as sent, or cancel what is not used."""
        found = self.batch()
        if request.POST.get("do") == "sent":
            if services.mark_sent(found, by=self.employee, request=request):
                messages.success(request, _("The letters count as sent."))
        elif request.POST.get("do") == "cancel":
            count = services.cancel(found, by=self.employee, request=request)
            messages.success(
                request,
                ngettext("%(count)d code no longer works.", "%(count)d codes no longer work.", count)
                % {"count": count},
            )
        return redirect("employee:client_zone:batch", batch=found.pk)


class LettersPdf(LettersMixin, View):
    """A file with letters; each download is journalled, since whoever has it can open accounts."""

    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest, batch: int, number: int) -> HttpResponseBase:
        """The PDF as an attachment; 404 once it was deleted."""
        found = self.batch()
        if number > LARGEST_ID:
            raise Http404
        file: LetterFile = get_object_or_404(found.files.select_related("batch"), number=number)
        if not files.exists(file.name):
            raise Http404
        if request.method == "GET":
            services.record_download(file, by=self.employee, request=request)
        response = StreamingHttpResponse(_content(file.name), content_type="application/pdf")
        response["Content-Length"] = str(file.size)
        response["Content-Disposition"] = f'attachment; filename="listy-{found.pk}-{number}.pdf"'
        response["X-Content-Type-Options"] = "nosniff"
        response["Cache-Control"] = "no-store"
        response["Content-Security-Policy"] = "default-src 'none'; sandbox"
        return response


def _content(name: str) -> Any:
    # Opened when the first byte is asked for: an answer to HEAD opens nothing.
    with files.open(name, "rb") as content:
        while chunk := content.read(CHUNK):
            yield chunk


def _state(state: LetterState) -> tuple[Any, str]:
    return state.label, TONES[state]
