"""Exported batches: making, downloading, answering."""

from __future__ import annotations

import shutil
import tempfile
import uuid
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from ebok.exchange import answers, batches
from ebok.exchange.admin_views.screens import ExchangeScreen, batches_crumb, key_page
from ebok.exchange.forms import AnswerForm, AnswersForm
from ebok.exchange.models import ExportBatch, ExportedRow, ExportState
from ebok.journal.services import record

SHOWN_BATCHES = 50


class BatchesView(ExchangeScreen):
    """What can be exported, and the batches there are; a POST makes one."""

    template_name = "exchange/batches.html"
    page_title = gettext_lazy("Exported batches")
    header_icon = "download"
    needed = "exchange.upload"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Draw the screen."""
        outlets = batches.declared_outlets()
        wanted = request.GET.get("rodzaj", "")
        wanted = wanted if any(outlet.key == wanted for outlet in outlets) else ""
        query = ExportBatch.objects.order_by("-created_at", "-number")
        shown = query.filter(outlet=wanted) if wanted else query
        return self.render_to_response(
            self.get_context_data(
                outlets=[(outlet, batches.waiting(outlet).exists()) for outlet in outlets],
                batches=[(batch, batches.outlet_title(batch.outlet)) for batch in shown[:SHOWN_BATCHES]],
                wanted=wanted,
                answers_form=AnswersForm(),
                most=SHOWN_BATCHES,
            )
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        """Make a batch of everything that waits."""
        try:
            outlet = batches.declared_outlet(request.POST.get("outlet", ""))
        except batches.UnknownOutlet:
            raise Http404 from None
        batch = batches.make_batch(outlet, actor=request.user)
        if batch is None:
            messages.warning(request, _("Nothing waits to be exported."))
            return HttpResponseRedirect(reverse("ebok_exchange_batches"))
        messages.success(request, _("Batch %(number)d was made.") % {"number": batch.number})
        return HttpResponseRedirect(reverse("ebok_exchange_batch", args=[batch.pk]))


class BatchView(ExchangeScreen):
    """One batch with its rows; a POST takes the billing system's answer."""

    template_name = "exchange/batch.html"
    header_icon = "download"
    needed = "exchange.upload"

    def crumbs(self) -> list[tuple[str, str]]:
        """The list lies before it."""
        return [batches_crumb()]

    def get(self, request: HttpRequest, batch_id: uuid.UUID) -> HttpResponse:
        """Draw the batch."""
        return self._draw(get_object_or_404(ExportBatch, pk=batch_id), AnswerForm())

    def post(self, request: HttpRequest, batch_id: uuid.UUID) -> HttpResponse:
        """Note the answer (`do=answer`) or let rejected rows go out again (`do=release`)."""
        batch = get_object_or_404(ExportBatch, pk=batch_id)
        if request.POST.get("do") == "release":
            self._release(request, batch)
        elif request.POST.get("do") == "answer":
            form = AnswerForm(request.POST)
            if not form.is_valid() or not self._answer(batch, form):
                return self._draw(batch, form, status=422)
        else:
            raise Http404
        return HttpResponseRedirect(reverse("ebok_exchange_batch", args=[batch.pk]))

    def _draw(self, batch: ExportBatch, form: AnswerForm, status: int = 200) -> HttpResponse:
        self.page_title = f"{batches.outlet_title(batch.outlet)} {batch.number}"
        state = self.request.GET.get("stan", "")
        state = state if state in ExportState.values else ""
        rows = ExportedRow.objects.filter(batch=batch)
        page = key_page(
            rows.filter(state=state) if state else rows, self.request, {"stan": state}, descending=False
        )
        rejected = rows.filter(state=ExportState.REJECTED, released_at=None).exists()
        context = self.get_context_data(
            batch=batch, page=page, form=form, state=state, states=ExportState.choices[:3], rejected=rejected
        )
        return self.render_to_response(context, status=status)

    def _answer(self, batch: ExportBatch, form: AnswerForm) -> bool:
        data = form.cleaned_data
        try:
            batches.acknowledge(batch, data["state"], reason=data["reason"], actor=self.request.user)
        except batches.WrongAnswer as wrong:
            form.add_error(None, wrong.sentence)
            return False
        messages.success(self.request, _("The answer was noted."))
        return True

    def _release(self, request: HttpRequest, batch: ExportBatch) -> None:
        count = batches.release_rejected(batch, actor=request.user)
        messages.success(
            request,
            ngettext(
                "%(count)d row goes into the next batch.", "%(count)d rows go into the next batch.", count
            )
            % {"count": count},
        )


class AnswersView(ExchangeScreen):
    """A file of answers for one outlet."""

    needed = "exchange.upload"
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        """Take the whole file or nothing of it."""
        form = AnswersForm(request.POST, request.FILES)
        try:
            outlet = batches.declared_outlet(request.POST.get("outlet", ""))
        except batches.UnknownOutlet:
            raise Http404 from None
        if form.is_valid():
            self._take(request, outlet.key, form.cleaned_data["file"])
        else:
            messages.error(request, " ".join(str(error) for error in form.errors["file"]))
        return HttpResponseRedirect(reverse("ebok_exchange_batches"))

    def _take(self, request: HttpRequest, key: str, file: Any) -> None:
        folder = Path(tempfile.mkdtemp(prefix="ebok-"))
        try:
            path = folder / "answers.csv"
            with path.open("wb") as kept:
                for block in file.chunks():
                    kept.write(block)
            count = answers.take_answers(key, path, actor=request.user)
        except batches.WrongAnswer as wrong:
            messages.error(request, wrong.sentence)
        else:
            messages.success(
                request,
                ngettext("%(count)d answer taken.", "%(count)d answers taken.", count) % {"count": count},
            )
        finally:
            shutil.rmtree(folder, ignore_errors=True)


class BatchFileView(ExchangeScreen):
    """The file of a batch; the same number has the same bytes for ever."""

    needed = "exchange.upload"
    always_needed = True

    def get(self, request: HttpRequest, batch_id: uuid.UUID) -> HttpResponseBase:
        """Send the file; that somebody took it is an event."""
        batch = get_object_or_404(ExportBatch, pk=batch_id)
        record(
            "exchange.batch_downloaded",
            text=_("Downloaded batch %(number)d of “%(outlet)s”")
            % {"number": batch.number, "outlet": batches.outlet_title(batch.outlet)},
            request=request,
            obj=batch,
        )
        batches.hand_over(batch)
        response = StreamingHttpResponse(batches.content(batch), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="{batches.file_name(batch)}"'
        return response
