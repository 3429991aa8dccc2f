"""The exchange's place in the Wagtail admin: a menu of its own."""

from __future__ import annotations

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import Menu, MenuItem, SubmenuMenuItem

from ebok.exchange.admin_views import batches, deciding, deliveries
from ebok.exchange.admin_views.screens import may_look
from ebok.plugins.permissions import allowed


@hooks.register("register_admin_urls")
def exchange_urls() -> list[URLPattern]:
    """Deliveries with their reports, and exported batches."""
    one = "wymiana/<int:delivery_id>/"
    return [
        path("wymiana/", deliveries.DeliveriesView.as_view(), name="ebok_exchange"),
        path("wymiana/nowa/", deliveries.NewDeliveryView.as_view(), name="ebok_exchange_new"),
        path(one, deliveries.DeliveryView.as_view(), name="ebok_exchange_delivery"),
        path(f"{one}postep/", deliveries.ProgressView.as_view(), name="ebok_exchange_progress"),
        path(f"{one}raport.json", deliveries.ReportView.as_view(), name="ebok_exchange_report"),
        path(
            f"{one}odrzucone/<slug:dataset>.csv",
            deliveries.RejectsView.as_view(),
            name="ebok_exchange_rejects",
        ),
        path(f"{one}zgoda/", deliveries.ApprovalView.as_view(), name="ebok_exchange_approval"),
        path(f"{one}dalej/", deliveries.AgainView.as_view(), name="ebok_exchange_again"),
        path(f"{one}decyzje/", deciding.DecideView.as_view(), name="ebok_exchange_decide"),
        path("wymiana/paczki/", batches.BatchesView.as_view(), name="ebok_exchange_batches"),
        path("wymiana/paczki/odpowiedzi/", batches.AnswersView.as_view(), name="ebok_exchange_answers"),
        path("wymiana/paczki/<uuid:batch_id>/", batches.BatchView.as_view(), name="ebok_exchange_batch"),
        path(
            "wymiana/paczki/<uuid:batch_id>/plik.csv",
            batches.BatchFileView.as_view(),
            name="ebok_exchange_batch_file",
        ),
    ]


class ExchangeMenuItem(MenuItem):
    """Shown to whoever may open the screens."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Whether this person sees the entry."""
        return may_look(request.user)


class UploadMenuItem(MenuItem):
    """Shown to whoever may upload."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Whether this person sees the entry."""
        return allowed(request.user, "exchange.upload")


@hooks.register("register_admin_menu_item")
def exchange_menu() -> MenuItem:
    """The menu; it hides itself when nothing in it is shown."""
    items = [
        ExchangeMenuItem(
            _("Deliveries"), reverse("ebok_exchange"), name="ebok-deliveries", icon_name="list-ul", order=10
        ),
        UploadMenuItem(
            _("New delivery"),
            reverse("ebok_exchange_new"),
            name="ebok-new-delivery",
            icon_name="upload",
            order=20,
        ),
        ExchangeMenuItem(
            _("Exported batches"),
            reverse("ebok_exchange_batches"),
            name="ebok-batches",
            icon_name="download",
            order=30,
        ),
    ]
    return SubmenuMenuItem(
        _("Exchange of data"), Menu(items=items), name="ebok-exchange", icon_name="resubmit", order=350
    )


@hooks.register("insert_global_admin_css")
def exchange_css() -> SafeString:
    """Style for the screens; the rest is Wagtail's."""
    return format_html('<link rel="stylesheet" href="{}">', static("exchange/exchange.css"))
