"""List of deliveries, upload, report with progress."""

from __future__ import annotations

import json
import shutil
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Sum
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ebok.exchange import mending, pipeline
from ebok.exchange.admin_views import reports
from ebok.exchange.admin_views.screens import ExchangeScreen, deliveries_crumb, key_page
from ebok.exchange.background import go_on_soon
from ebok.exchange.folders import exchange_folder
from ebok.exchange.forms import RefuseForm, UploadForm, WantedDeliveriesForm
from ebok.exchange.freshness import freshness
from ebok.exchange.models import Delivery, DeliveryPart, Outcome, Phase
from ebok.exchange.profiles import ProfileError
from ebok.exchange.report import report
from ebok.exchange.sources import SourceRefused
from ebok.journal.services import record

LONGEST_NAME = 150
"""Bytes of a file's name; file systems take 255."""


class DeliveriesView(ExchangeScreen):
    """The list, newest first."""

    template_name = "exchange/deliveries.html"
    page_title = gettext_lazy("Deliveries")

    def get(self, request: HttpRequest) -> HttpResponse:
        """Draw one page of the list."""
        form = WantedDeliveriesForm(request.GET)
        query = Delivery.objects.defer("totals", "progress")
        filters: dict[str, str] = {}
        if form.is_valid():
            filters = {name: value for name, value in form.cleaned_data.items() if value}
        if "wynik" in filters:
            query = query.filter(outcome=filters["wynik"])
        if "droga" in filters:
            query = query.filter(way_in=filters["droga"])
        page = key_page(query, request, filters, descending=True)
        sums = _sums(page.rows)
        return self.render_to_response(
            self.get_context_data(
                form=form,
                page=page,
                filters=filters,
                rows=[(delivery, sums.get(delivery.pk, {})) for delivery in page.rows],
                freshness=freshness(),
            )
        )


def _sums(rows: Sequence[Delivery]) -> dict[int, dict[str, Any]]:
    """Numbers of each delivery over all its datasets; one query."""
    names = ("new", "changed", "rejected", "conflicts", "vanished")
    found = DeliveryPart.objects.filter(delivery__in=[row.pk for row in rows]).values("delivery")
    summed: Any = found.annotate(**{f"all_{name}": Sum(name) for name in names})
    return {row["delivery"]: row for row in summed}


class NewDeliveryView(ExchangeScreen):
    """Upload: received at once, worked on in the background."""

    template_name = "exchange/new.html"
    page_title = gettext_lazy("New delivery")
    needed = "exchange.upload"
    always_needed = True

    def crumbs(self) -> list[tuple[str, str]]:
        """The list lies before it."""
        return [deliveries_crumb()]

    def get(self, request: HttpRequest) -> HttpResponse:
        """Draw the empty form."""
        return self._draw(UploadForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        """Keep the files and go on in the background."""
        form = UploadForm(request.POST, request.FILES)
        if not form.is_valid():
            return self._draw(form, status=422)
        folder = exchange_folder() / "uploads" / uuid.uuid4().hex
        try:
            delivery = pipeline.receive(
                _kept(form.cleaned_data["uploads"], folder),
                profile=form.cleaned_data["profile"],
                as_of=form.cleaned_data["as_of"],
                complete=form.complete,
                way_in="upload",
                user=self.person,
                dry_run=form.cleaned_data["dry_run"],
            )
        except (SourceRefused, ProfileError) as refused:
            form.add_error("uploads", str(getattr(refused, "sentence", refused)))
            return self._draw(form, status=422)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        go_on_soon(delivery.pk)
        return HttpResponseRedirect(reverse("ebok_exchange_delivery", args=[delivery.pk]))

    def _draw(self, form: UploadForm, status: int = 200) -> HttpResponse:
        if form.errors and self.request.FILES:
            messages.warning(self.request, _("Choose the files once more: browsers do not keep them."))
        return self.render_to_response(self.get_context_data(form=form), status=status)


def _kept(files: Sequence[UploadedFile], folder: Path) -> list[Path]:
    """Write the uploads under their own names, two of the same name apart."""
    folder.mkdir(parents=True, mode=0o750)
    paths: list[Path] = []
    for file in files:
        path = folder / _short(Path(file.name or "").name or "plik")
        if path.exists():
            path = path.with_stem(f"{path.stem} ({len(paths) + 1})")
        with path.open("xb") as kept:
            for block in file.chunks():
                kept.write(block)
        paths.append(path)
    return paths


def _short(name: str) -> str:
    stem, dot, ending = name.rpartition(".")
    ending = f"{dot}{ending}"[:20]
    return stem.encode()[: LONGEST_NAME - len(ending.encode())].decode(errors="ignore") + ending


class DeliveryView(ExchangeScreen):
    """One delivery: how far it is, or its report."""

    template_name = "exchange/delivery.html"

    def crumbs(self) -> list[tuple[str, str]]:
        """The list lies before it."""
        return [deliveries_crumb()]

    def get(self, request: HttpRequest, delivery_id: int) -> HttpResponse:
        """Draw the report and one page of the findings."""
        delivery = _delivery(delivery_id)
        self.page_title = delivery.name
        findings = reports.Findings(delivery, request)
        return self.render_to_response(
            self.get_context_data(
                delivery=delivery,
                numbers=reports.numbers(delivery),
                totals=reports.totals(delivery),
                balance=reports.balance(delivery),
                steps=reports.steps(delivery),
                findings=findings,
                refuse_form=RefuseForm(),
                seconds=reports.POLL_SECONDS,
            )
        )


class ProgressView(ExchangeScreen):
    """The part of the page that is asked for again and again while a delivery is worked on."""

    def get(self, request: HttpRequest, delivery_id: int) -> HttpResponse:
        """Draw the part; when the work is over, tell the page to load itself anew."""
        delivery = _delivery(delivery_id)
        response = render(
            request,
            "exchange/parts/progress.html",
            {"delivery": delivery, "steps": reports.steps(delivery), "seconds": reports.POLL_SECONDS},
        )
        if delivery.outcome != Outcome.OPEN:
            response["HX-Refresh"] = "true"
        return response


class ReportView(ExchangeScreen):
    """The report as JSON."""

    def get(self, request: HttpRequest, delivery_id: int) -> HttpResponse:
        """Send the file."""
        text = json.dumps(report(_delivery(delivery_id)), ensure_ascii=False, indent=2)
        response = HttpResponse(text + "\n", content_type="application/json")
        response["Content-Disposition"] = f'attachment; filename="raport-{delivery_id}.json"'
        return response


class RejectsView(ExchangeScreen):
    """Rejected rows of one dataset, to be mended and sent again."""

    def get(self, request: HttpRequest, delivery_id: int, dataset: str) -> HttpResponseBase:
        """Send the file; that somebody took it is an event."""
        part = get_object_or_404(
            DeliveryPart.objects.select_related("delivery"), delivery=delivery_id, dataset=dataset
        )
        if not part.rejected:
            raise Http404
        record(
            "exchange.rejects_downloaded",
            text=_("Downloaded the rejected rows of “%(name)s” (%(dataset)s)")
            % {"name": part.delivery.name, "dataset": part.dataset},
            request=request,
            obj=part.delivery,
        )
        response = StreamingHttpResponse(mending.rejects_csv(part), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="{mending.file_name(part)}"'
        return response


class ApprovalView(ExchangeScreen):
    """Approve or refuse a waiting delivery."""

    needed = "exchange.approve"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, delivery_id: int) -> HttpResponse:
        """Approve (`do=approve`) or refuse with a reason (`do=refuse`); once, whoever comes first."""
        delivery = _delivery(delivery_id)
        try:
            if request.POST.get("do") == "approve":
                pipeline.approve(delivery.pk, self.person, go_on=False)
                go_on_soon(delivery.pk)
                messages.success(request, _("Approved; the delivery is being taken over."))
            elif request.POST.get("do") == "refuse":
                self._refuse(request, delivery)
            else:
                raise Http404
        except pipeline.NotWaiting as late:
            messages.error(request, late.sentence)
        return HttpResponseRedirect(reverse("ebok_exchange_delivery", args=[delivery.pk]))

    def _refuse(self, request: HttpRequest, delivery: Delivery) -> None:
        form = RefuseForm(request.POST)
        if not form.is_valid():
            messages.error(request, " ".join(str(error) for error in form.errors["reason"]))
            return
        pipeline.refuse(delivery.pk, self.person, form.cleaned_data["reason"])
        messages.success(request, _("The delivery was refused; nothing was changed."))


class AgainView(ExchangeScreen):
    """Go on after an error, or do for real what was tried."""

    needed = "exchange.upload"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, delivery_id: int) -> HttpResponse:
        """Hand it to the background worker once more."""
        tried = Delivery.objects.filter(pk=delivery_id, outcome=Outcome.DRY)
        really = tried.update(dry_run=False, outcome=Outcome.OPEN, phase=Phase.RECEIVED, finished_at=None)
        failed = Delivery.objects.filter(pk=delivery_id, outcome=Outcome.FAILED).exists()
        if really or failed:
            go_on_soon(delivery_id)
        return HttpResponseRedirect(reverse("ebok_exchange_delivery", args=[delivery_id]))


def _delivery(delivery_id: int) -> Delivery:
    return get_object_or_404(Delivery.objects.select_related("received_by", "approved_by"), pk=delivery_id)


def page_address(delivery_id: int, parameters: dict[str, str]) -> str:
    """The report with these filters."""
    url = reverse("ebok_exchange_delivery", args=[delivery_id])
    return f"{url}?{urlencode(parameters)}" if parameters else url
