"""The Wagtail admin of outages and streets."""

from __future__ import annotations

from datetime import datetime

import django_filters
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q, QuerySet
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    InlinePanel,
    MultiFieldPanel,
    ObjectList,
    PublishingPanel,
    TabbedInterface,
)
from wagtail.admin.ui.tables import Column, StatusTagColumn
from wagtail.admin.widgets.button import HeaderButton
from wagtail.snippets.views.chooser import ChooseResultsView, ChooseView, SnippetChooserViewSet
from wagtail.snippets.views.snippets import (
    IndexView,
    SnippetViewSet,
    SnippetViewSetGroup,
)

from ebok.journal import services as journal
from snippets.outages import addresses
from snippets.outages.admin_publishing import OutageCreateView, OutageEditView, OutageWorkflowActionView
from snippets.outages.forms import OutageForm, StreetImportForm, StreetSearchForm
from snippets.outages.models import KindChoice, Outage, OutageStreet, Street
from snippets.outages.presentation import tag_of
from snippets.outages.queries import streets_named
from snippets.outages.rules import State
from snippets.outages.street_import import ImportReport, UnreadableFile, import_streets

STREETS_IMPORTED = "snippets.streets_imported"
STREETS_URL = "wagtailsnippets_snippets_street:list"

STATES = [
    (State.ONGOING.value, _("ongoing")),
    (State.PLANNED.value, _("planned")),
    (State.ENDED.value, _("over")),
    (State.WITHDRAWN.value, _("called off")),
]


def in_state(rows: QuerySet[Outage], state: str, now: datetime) -> QuerySet[Outage]:
    """Those of `rows` in a state; the same rule as `rules.state_at`, for the database."""
    if state == State.WITHDRAWN:
        return rows.filter(withdrawn_at__isnull=False)
    rows = rows.filter(withdrawn_at__isnull=True)
    if state == State.ENDED:
        return rows.filter(over_at__lte=now)
    rows = rows.filter(Q(over_at__isnull=True) | Q(over_at__gt=now))
    return rows.filter(starts_at__gt=now) if state == State.PLANNED else rows.filter(starts_at__lte=now)


class OutageFilter(WagtailFilterSet):
    """Kind, state, street by name, site."""

    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=KindChoice.choices)
    state = django_filters.ChoiceFilter(label=_("State"), choices=STATES, method="filter_state")
    street = django_filters.CharFilter(label=_("Street"), method="filter_street")

    class Meta:
        model = Outage
        fields = ["kind", "state", "street", "site"]

    def filter_state(self, rows: QuerySet[Outage], name: str, value: str) -> QuerySet[Outage]:
        """Rows in a state now."""
        return in_state(rows, value, timezone.now())

    def filter_street(self, rows: QuerySet[Outage], name: str, value: str) -> QuerySet[Outage]:
        """Rows that name a street like this; a text without letters finds nothing."""
        key = addresses.search_key(value)
        if not key:
            return rows.none()
        named = OutageStreet.objects.filter(street__search_key__contains=key)
        return rows.filter(pk__in=named.values("outage"))


class MomentColumn(Column):
    """Day and hour. Wagtail's own column counts backwards and knows no future."""

    def get_value(self, instance: Outage) -> str:
        """As the portal writes moments in tables; nothing for none."""
        moment: datetime | None = super().get_value(instance)
        return date_format(timezone.localtime(moment), "SHORT_DATETIME_FORMAT") if moment else ""


class StateColumn(Column):
    """The state in words."""

    def get_value(self, instance: Outage) -> str:
        """The same word the public tag shows."""
        return tag_of(instance, timezone.now()).label


class PublishedColumn(StatusTagColumn):
    """Whether the public sees the notice. Wagtail's own column asks for revisions row by row."""

    def get_value(self, instance: Outage) -> str:
        """In words."""
        if not instance.live:
            return gettext("not published")
        if instance.has_unpublished_changes:
            return gettext("published, changes wait")
        return pgettext("outage notice", "published")

    def get_primary(self, instance: Outage) -> bool:
        """Published ones stand out."""
        return bool(instance.live)


class OutageViewSet(SnippetViewSet):
    """Outages in the admin: list, history, where used, preview of the public page."""

    model = Outage
    icon = "warning"
    menu_label = _("Outages")
    menu_name = "outages"
    add_view_class = OutageCreateView
    edit_view_class = OutageEditView
    workflow_action_view_class = OutageWorkflowActionView
    # A copy would carry the public id of its original.
    copy_view_enabled = False
    inspect_view_enabled = False
    list_display = [
        "__str__",
        Column("get_kind_display", label=_("Kind"), sort_key="kind"),
        StateColumn("state", label=_("State")),
        MomentColumn("starts_at", label=_("Begins"), sort_key="starts_at"),
        MomentColumn("current_end", label=_("Expected end"), sort_key="current_end"),
        PublishedColumn("live", label=pgettext_lazy("an outage", "Published"), sort_key="live"),
    ]
    list_per_page = 30
    filterset_class = OutageFilter
    ordering = ["-starts_at", "-pk"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Outage]:
        """With the newest revision, whose words Wagtail shows as the title of each row."""
        return Outage.objects.select_related("latest_revision")

    edit_handler = TabbedInterface(
        [
            ObjectList(
                [
                    FieldRowPanel([FieldPanel("kind"), FieldPanel("effect")]),
                    MultiFieldPanel(
                        [
                            InlinePanel(
                                "streets",
                                panels=[FieldPanel("street"), FieldPanel("numbers")],
                                heading=_("Streets"),
                                label=_("street"),
                            )
                        ],
                        heading=_("Where"),
                    ),
                    MultiFieldPanel(
                        [
                            FieldRowPanel([FieldPanel("starts_at"), FieldPanel("expected_end")]),
                            FieldPanel("ended_at"),
                        ],
                        heading=_("When"),
                    ),
                    MultiFieldPanel([FieldPanel("cause"), FieldPanel("advice")], heading=_("What to say")),
                    FieldPanel("title"),
                ],
                heading=_("Outage"),
            ),
            ObjectList(
                [
                    InlinePanel(
                        "updates",
                        panels=[
                            FieldRowPanel([FieldPanel("moment"), FieldPanel("status")]),
                            FieldPanel("text"),
                            FieldPanel("text_en"),
                            FieldPanel("new_expected_end"),
                        ],
                        heading=_("Steps"),
                        label=_("step"),
                    )
                ],
                heading=_("What is happening"),
            ),
            ObjectList(
                [
                    InlinePanel(
                        "water_points",
                        panels=[
                            FieldRowPanel([FieldPanel("kind"), FieldPanel("place")]),
                            FieldRowPanel([FieldPanel("opens_at"), FieldPanel("closes_at")]),
                            FieldPanel("description"),
                            FieldRowPanel([FieldPanel("latitude"), FieldPanel("longitude")]),
                            FieldRowPanel([FieldPanel("place_en"), FieldPanel("description_en")]),
                        ],
                        heading=_("Water points"),
                        label=_("water point"),
                    )
                ],
                heading=_("Water points"),
            ),
            ObjectList(
                [FieldPanel("title_en"), FieldPanel("cause_en"), FieldPanel("advice_en")],
                heading=_("In English"),
            ),
            ObjectList(
                [PublishingPanel(), FieldPanel("override_reason"), FieldPanel("site")],
                heading=_("Publishing"),
            ),
        ],
        base_form_class=OutageForm,
    )


class StreetIndexView(IndexView):
    """The register, with a button for importing."""

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        """Add one street, or import many."""
        buttons: list[HeaderButton] = list(super().header_buttons)
        if self.request.user.has_perm("snippets.add_street"):
            buttons.append(
                HeaderButton(_("Import streets"), url=reverse("outages_import_streets"), icon_name="upload")
            )
        return buttons


class StreetFilter(WagtailFilterSet):
    """The register, narrowed by name."""

    name = django_filters.CharFilter(label=_("Street"), method="filter_name")

    class Meta:
        model = Street
        fields = ["name", "locality"]

    def filter_name(self, rows: QuerySet[Street], name: str, value: str) -> QuerySet[Street]:
        """Rows that hold every word typed."""
        return streets_named(rows, value)


class StreetChooseView(ChooseView):
    """The chooser of streets, searched by our own keys."""

    filter_form_class = StreetSearchForm


class StreetChooseResultsView(ChooseResultsView):
    """Its results while somebody types."""

    filter_form_class = StreetSearchForm


class StreetChooserViewSet(SnippetChooserViewSet):
    """The chooser's views."""

    choose_view_class = StreetChooseView
    choose_results_view_class = StreetChooseResultsView


class StreetViewSet(SnippetViewSet):
    """The register of streets."""

    model = Street
    icon = "site"
    menu_label = _("Streets")
    menu_name = "streets"
    index_view_class = StreetIndexView
    list_display = ["__str__", "locality", Column("sym_ul", label=_("TERYT"), sort_key="sym_ul")]
    list_per_page = 50
    chooser_viewset_class = StreetChooserViewSet
    filterset_class = StreetFilter
    ordering = ["search_key", "locality_key"]
    copy_view_enabled = False
    chooser_per_page = 20
    panels = [
        FieldRowPanel([FieldPanel("prefix"), FieldPanel("name")]),
        FieldPanel("locality"),
        FieldRowPanel([FieldPanel("sym"), FieldPanel("sym_ul")]),
        FieldPanel("line"),
    ]


class OutageGroup(SnippetViewSetGroup):
    """One entry of the admin menu for both."""

    items = (OutageViewSet, StreetViewSet)
    menu_icon = "warning"
    menu_label = _("Outages")
    menu_name = "outages-group"
    menu_order = 150


def import_streets_view(request: HttpRequest) -> HttpResponse:
    """Upload a register; the report stands on the same page, row errors with their numbers."""
    if not request.user.has_perm("snippets.add_street"):
        raise PermissionDenied
    report: ImportReport | None = None
    form = StreetImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        report = _import(request, form)
        if report is not None and not report.rejected:
            messages.success(request, str(report))
            return redirect(STREETS_URL)
    return TemplateResponse(
        request,
        "snippets/outages/admin/import_streets.html",
        {
            "form": form,
            "report": report,
            "header_title": _("Import streets"),
            "page_title": _("Import streets"),
            "streets_url": reverse(STREETS_URL),
        },
    )


def _import(request: HttpRequest, form: Form) -> ImportReport | None:
    """Import and journal; None when the file as a whole was refused (the form then says why)."""
    upload = form.cleaned_data["file"]
    try:
        with transaction.atomic():
            report = import_streets(upload.read(), locality=form.cleaned_data["locality"])
            journal.record(
                STREETS_IMPORTED,
                text=_("Streets imported from “%(file)s”: %(report)s.")
                % {"file": upload.name, "report": report},
                request=request,
                payload={
                    "added": report.added,
                    "changed": report.changed,
                    "unchanged": report.unchanged,
                    "rejected": report.rejected,
                },
            )
    except UnreadableFile as error:
        form.add_error("file", str(error))
        return None
    return report


admin_urls = [path("ulice/import/", import_streets_view, name="outages_import_streets")]
