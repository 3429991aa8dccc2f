"""Receivables ("Należności", D11, D12) as a table: what is not settled, narrowed and sorted by the reader."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import django_filters
import django_tables2 as tables
from django.db.models import F, QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from ebok.billing.models import LedgerEntry, LedgerKind
from ebok.look.forms import DateInput
from ebok.look.templatetags.eb import day_short, hard_spaces, money
from ebok.zones.paging import PARAMETER, number_of

ORDER = "kolejnosc"
PER_PAGE = 25
ORDERS = (
    ("due_on", gettext_lazy("Due first")),
    ("-due_on", gettext_lazy("Due last")),
    ("-open_amount", gettext_lazy("Largest amount")),
    ("open_amount", gettext_lazy("Smallest amount")),
    ("-booked_on", gettext_lazy("Newest")),
    ("booked_on", gettext_lazy("Oldest")),
)


class Filters(django_filters.FilterSet):
    """By kind, only what is late, by the day of payment; and the order, for people whose table is cards."""

    rodzaj = django_filters.ChoiceFilter(
        field_name="kind",
        choices=LedgerKind.choices,
        label=gettext_lazy("What for"),
        empty_label=pgettext_lazy("filter", "Everything"),
    )
    stan = django_filters.ChoiceFilter(
        method="by_state",
        label=gettext_lazy("State"),
        choices=(
            ("overdue", gettext_lazy("Overdue only")),
            ("later", gettext_lazy("Not yet due")),
            ("credit", gettext_lazy("In my favour")),
        ),
        empty_label=pgettext_lazy("filter", "All"),
    )
    od = django_filters.DateFilter(
        field_name="due_on", lookup_expr="gte", label=gettext_lazy("Due from"), widget=DateInput()
    )
    do = django_filters.DateFilter(
        field_name="due_on", lookup_expr="lte", label=gettext_lazy("Due to"), widget=DateInput()
    )
    kolejnosc = django_filters.ChoiceFilter(
        method="leave", label=gettext_lazy("Order"), choices=ORDERS, empty_label=None
    )

    class Meta:
        model = LedgerEntry
        fields: tuple[str, ...] = ()

    def by_state(self, found: QuerySet[LedgerEntry], _name: str, state: str) -> QuerySet[LedgerEntry]:
        """Late, not yet due, or owed to the customer."""
        today = timezone.localdate()
        if state == "overdue":
            return found.filter(open_amount__gt=0, due_on__lt=today)
        if state == "credit":
            return found.filter(open_amount__lt=0)
        return found.filter(open_amount__gt=0).exclude(due_on__lt=today)

    def leave(self, found: QuerySet[LedgerEntry], _name: str, _order: str) -> QuerySet[LedgerEntry]:
        """The table sorts."""
        return found

    @property
    def is_used(self) -> bool:
        """Whether anything is narrowed."""
        return any(self.data.get(name) for name in ("rodzaj", "stan", "od", "do"))


class Receivables(tables.Table):
    """One row for each position that is not settled; late ones marked by colour, icon and words."""

    title = tables.Column(verbose_name=gettext_lazy("What for"), orderable=False, empty_values=())
    booked_on = tables.Column(verbose_name=gettext_lazy("Booked"), order_by=("booked_on", "id"))
    due_on = tables.Column(verbose_name=gettext_lazy("Due date"), empty_values=())
    state = tables.Column(verbose_name=gettext_lazy("State"), orderable=False, empty_values=())
    amount = tables.Column(
        verbose_name=gettext_lazy("Amount"), order_by=("amount", "id"), attrs={"td": {"class": "r"}}
    )
    open_amount = tables.Column(
        verbose_name=gettext_lazy("Left to pay"), order_by=("open_amount", "id"), attrs={"td": {"class": "r"}}
    )

    class Meta:
        template_name = "components/table.html"
        order_by_field = ORDER
        page_field = PARAMETER
        row_attrs = {"class": lambda record: "is-late" if days_late(record) else ""}

    def order_due_on(
        self, found: QuerySet[LedgerEntry], is_descending: bool
    ) -> tuple[QuerySet[LedgerEntry], bool]:
        """Positions without a day of payment come last either way."""
        due = F("due_on").desc(nulls_last=True) if is_descending else F("due_on").asc(nulls_last=True)
        return found.order_by(due, "id"), True

    def render_title(self, record: LedgerEntry) -> SafeString:
        """What the office calls it, with its kind and number below."""
        name = record.title or record.document_number or record.number
        number = record.document_number if record.document_number not in name else ""
        kind = str(record.get_kind_display())
        kind = "" if name.casefold().startswith(kind.casefold()) else kind
        below = " · ".join(filter(None, (kind, number)))
        meta = format_html('<span class="eb-row__meta eb-num">{}</span>', hard_spaces(below)) if below else ""
        return format_html("<span>{}{}</span>", hard_spaces(name), meta)

    def render_booked_on(self, value: date) -> str:
        """For tables."""
        return day_short(value)

    def render_due_on(self, record: LedgerEntry) -> str:
        """The day of payment; an overpayment has none that matters."""
        return day_short(record.due_on) if record.due_on and record.open_amount > 0 else "–"

    def render_state(self, record: LedgerEntry) -> SafeString:
        """The tag."""
        return SafeString(render_to_string("components/tag.html", state_of(record)))

    def render_amount(self, value: Decimal) -> SafeString:
        """In złoty."""
        return money(value)

    def render_open_amount(self, value: Decimal) -> SafeString:
        """The one that matters."""
        return format_html("<b>{}</b>", money(value))


def days_late(entry: LedgerEntry) -> int:
    """How many days ago the position was due; 0 for what is not late."""
    if entry.due_on is None or entry.open_amount <= 0:
        return 0
    return max(0, (timezone.localdate() - entry.due_on).days)


def late_words(days: int) -> str:
    """ "po terminie 12 dni"."""
    return ngettext("%(days)d day overdue", "%(days)d days overdue", days) % {"days": days}


def state_of(entry: LedgerEntry) -> dict[str, str]:
    """Words, tone and icon of a position: late by so many days, to be paid, or in the customer's favour."""
    days = days_late(entry)
    if days:
        return {"text": late_words(days), "tone": "bad", "icon": "warning"}
    if entry.open_amount < 0:
        favour = _("overpayment") if entry.kind == LedgerKind.OVERPAYMENT else _("in your favour")
        return {"text": favour, "tone": "ok", "icon": "check"}
    return {"text": _("to pay"), "tone": "due", "icon": "clock"}


def table_of(request: HttpRequest, found: QuerySet[LedgerEntry], caption: str) -> Receivables:
    """The page of the table that was asked for; an order or page that is none gives the usual one."""
    known = dict(ORDERS) | {"amount": "", "-amount": ""}
    asked = request.GET.get(ORDER, "")
    table: Any = Receivables(
        found, order_by=asked if asked in known else "due_on", attrs={"caption": caption}
    )
    table.paginate(per_page=PER_PAGE)
    table.page = table.paginator.get_page(number_of(request))
    return table
