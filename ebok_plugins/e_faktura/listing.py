"""Bills as a table with exactly the columns of D02 and D03: narrowed and sorted by the reader."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import django_filters
import django_tables2 as tables
from django.db.models import F, QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from ebok.billing.models import Invoice, InvoiceKind
from ebok.billing.queries import invoices_for
from ebok.customers.models import Customer
from ebok.look.templatetags.eb import HARD, day_short, decimal, money
from ebok.zones.paging import PARAMETER, number_of
from ebok_plugins.e_faktura import queries
from ebok_plugins.e_faktura.states import days_late, state_of

ORDER = "kolejnosc"
PER_PAGE = 25
USUAL = "-issued_on"
ORDERS = (
    ("-issued_on", gettext_lazy("Newest")),
    ("issued_on", gettext_lazy("Oldest")),
    ("due_on", gettext_lazy("Due first")),
    ("-gross", gettext_lazy("Largest amount")),
    ("-open_amount", gettext_lazy("Largest amount to pay")),
)
SORTABLE = ("number", "issued_on", "period", "due_on", "paid_on", "usage", "gross", "open_amount")


class Filters(django_filters.FilterSet):
    """By year, state and kind; and the order, for people whose table is cards."""

    rok = django_filters.ChoiceFilter(
        method="of_year", label=gettext_lazy("Year"), empty_label=pgettext_lazy("filter", "All")
    )
    stan = django_filters.ChoiceFilter(
        method="by_state",
        label=gettext_lazy("State"),
        choices=(
            ("open", gettext_lazy("To pay")),
            ("overdue", gettext_lazy("Overdue only")),
            ("paid", gettext_lazy("Paid")),
        ),
        empty_label=pgettext_lazy("filter", "All"),
    )
    rodzaj = django_filters.ChoiceFilter(
        field_name="kind",
        choices=InvoiceKind.choices,
        label=gettext_lazy("Type of document"),
        empty_label=pgettext_lazy("filter", "All"),
    )
    kolejnosc = django_filters.ChoiceFilter(
        method="leave", label=gettext_lazy("Order"), choices=ORDERS, empty_label=None
    )

    class Meta:
        model = Invoice
        fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, years: Sequence[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["rok"].extra["choices"] = [(str(year), str(year)) for year in years]
        self.form.all_optional = True
        self.form.use_required_attribute = False

    def of_year(self, found: QuerySet[Invoice], _name: str, year: str) -> QuerySet[Invoice]:
        """Issued in this year."""
        return found.filter(issued_on__range=(date(int(year), 1, 1), date(int(year), 12, 31)))

    def by_state(self, found: QuerySet[Invoice], _name: str, state: str) -> QuerySet[Invoice]:
        """To be paid, late, or with nothing left to pay."""
        if state == "paid":
            return found.filter(open_amount=0, is_cancelled=False)
        still = found.filter(open_amount__gt=0, is_cancelled=False)
        return still.filter(due_on__lt=timezone.localdate()) if state == "overdue" else still

    def leave(self, found: QuerySet[Invoice], _name: str, _order: str) -> QuerySet[Invoice]:
        """The table sorts."""
        return found

    @property
    def found(self) -> QuerySet[Invoice]:
        """What fits; everything where the form says something that is no choice."""
        rows: QuerySet[Invoice] = self.qs if self.form.is_valid() or not self.is_bound else self.queryset
        return rows

    @property
    def is_used(self) -> bool:
        """Whether anything is narrowed."""
        return any(self.data.get(name) for name in ("rok", "stan", "rodzaj"))


GROUPS: tuple[tuple[str, ...], ...] = (
    ("number", "kind"),
    ("period", "usage"),
    ("issued_on", "due_on"),
    ("gross", "open_amount"),
    ("state", "paid_on"),
    ("preview", "actions"),
)
"""Which columns share a cell: twelve side by side would not fit on a screen."""


class Bills(tables.Table):
    """One row for each document; late ones marked by colour, icon and words."""

    number = tables.Column(verbose_name=gettext_lazy("Document number"), order_by=("number", "id"))
    kind = tables.Column(verbose_name=gettext_lazy("Type of document"), orderable=False)
    issued_on = tables.Column(verbose_name=gettext_lazy("Date of issue"), order_by=("issued_on", "id"))
    period = tables.Column(
        verbose_name=gettext_lazy("Settlement period"), empty_values=(), order_by=("period_from", "id")
    )
    usage = tables.Column(verbose_name=gettext_lazy("Usage"), attrs={"td": {"class": "r"}}, empty_values=())
    due_on = tables.Column(verbose_name=gettext_lazy("Due date"), empty_values=())
    gross = tables.Column(
        verbose_name=gettext_lazy("Amount"), order_by=("gross", "id"), attrs={"td": {"class": "r"}}
    )
    open_amount = tables.Column(
        verbose_name=gettext_lazy("Amount to pay"),
        order_by=("open_amount", "id"),
        attrs={"td": {"class": "r"}},
    )
    paid_on = tables.Column(verbose_name=gettext_lazy("Date of payment"), empty_values=())
    state = tables.Column(verbose_name=gettext_lazy("Status"), orderable=False, empty_values=())
    preview = tables.Column(verbose_name=gettext_lazy("Preview"), orderable=False, empty_values=())
    actions = tables.Column(verbose_name=gettext_lazy("Possible actions"), orderable=False, empty_values=())

    class Meta:
        template_name = "components/table.html"
        order_by_field = ORDER
        page_field = PARAMETER
        row_attrs = {"class": lambda record: "is-late" if days_late(record, timezone.localdate()) else ""}

    def _nulls_last(
        self, found: QuerySet[Invoice], field: str, is_descending: bool
    ) -> tuple[QuerySet[Invoice], bool]:
        key = F(field).desc(nulls_last=True) if is_descending else F(field).asc(nulls_last=True)
        return found.order_by(key, "-id" if is_descending else "id"), True

    def order_due_on(self, found: Any, is_descending: bool) -> tuple[QuerySet[Invoice], bool]:
        """Documents without a day of payment come last either way."""
        return self._nulls_last(found, "due_on", is_descending)

    def order_paid_on(self, found: Any, is_descending: bool) -> tuple[QuerySet[Invoice], bool]:
        """Those not paid come last either way."""
        return self._nulls_last(found, "paid_on", is_descending)

    def order_usage(self, found: Any, is_descending: bool) -> tuple[QuerySet[Invoice], bool]:
        """Those without a quantity come last either way."""
        return self._nulls_last(found, "usage", is_descending)

    def order_period(self, found: Any, is_descending: bool) -> tuple[QuerySet[Invoice], bool]:
        """Those without a period come last either way."""
        return self._nulls_last(found, "period_from", is_descending)

    def render_number(self, record: Invoice) -> SafeString:
        """The number leads to the document."""
        return format_html('<a class="eb-link eb-num" href="{}">{}</a>', bill_url(record), record.number)

    def render_kind(self, record: Invoice) -> str:
        """In words."""
        return str(record.get_kind_display())

    def render_issued_on(self, value: date) -> str:
        """For tables."""
        return day_short(value)

    def render_period(self, record: Invoice) -> SafeString | str:
        """From and until, one below the other."""
        days = [day for day in (record.period_from, record.period_to) if day is not None]
        if not days:
            return "–"
        return format_html('<span class="eb-nowrap">{} – {}</span>', day_short(days[0]), day_short(days[-1]))

    def render_usage(self, record: Invoice) -> str:
        """With its unit; "–" where the document counts nothing."""
        return usage_text(record) or "–"

    def render_due_on(self, record: Invoice) -> str:
        """The day of payment."""
        return day_short(record.due_on) if record.due_on else "–"

    def render_paid_on(self, record: Invoice) -> str:
        """The day the money came."""
        return day_short(record.paid_on) if record.paid_on else "–"

    def render_state(self, record: Invoice) -> SafeString:
        """The tag."""
        tag = state_of(record, timezone.localdate())
        return SafeString(render_to_string("components/tag.html", tag))

    def render_gross(self, value: Decimal) -> SafeString:
        """In złoty."""
        return money(value)

    def render_open_amount(self, value: Decimal) -> SafeString:
        """The one that matters."""
        return format_html("<b>{}</b>", money(value))

    def render_preview(self, record: Invoice) -> SafeString:
        """Opens the document on the screen; the number in the label tells the links apart."""
        label = _("Preview of %(number)s") % {"number": record.number}
        return format_html(
            '<a class="eb-link" href="{}" aria-label="{}">{}</a>', bill_url(record), label, _("Preview")
        )

    def render_actions(self, record: Invoice) -> SafeString:
        """Take the PDF; pay, where something is left to pay."""
        pdf = _("PDF of %(number)s") % {"number": record.number}
        pay = _("How to pay %(number)s") % {"number": record.number}
        actions = [(reverse("client:e_faktura:pdf", kwargs={"pk": record.pk}), pdf, "PDF")]
        if record.open_amount > 0 and not record.is_cancelled:
            actions.append((f"{bill_url(record)}#zaplata", pay, _("How to pay")))
        return format_html_join(" ", '<a class="eb-link eb-told" href="{}" aria-label="{}">{}</a>', actions)


@dataclass(frozen=True)
class Heading:
    """The headings of columns that share a cell."""

    columns: tuple[Any, ...]
    sort: str
    """For `aria-sort`: how the table is sorted by one of them."""
    css: str


@dataclass(frozen=True)
class Cell:
    """What two columns say about one document, each with its heading."""

    said: tuple[tuple[str, Any], ...]
    css: str


@dataclass(frozen=True)
class Row:
    """One document."""

    cells: tuple[Cell, ...]
    css: str


def headings_of(table: Any) -> list[Heading]:
    """The headings in their cells."""
    found = []
    for names in GROUPS:
        columns = tuple(table.columns[name] for name in names)
        sort = "none"
        for column in columns:
            if column.is_ordered:
                sort = "descending" if column.order_by_alias.is_descending else "ascending"
        found.append(Heading(columns, sort, _css(columns[0])))
    return found


def rows_of(table: Any) -> list[Row]:
    """The documents of the page, as their cells are drawn."""
    headings = [[table.columns[name] for name in names] for names in GROUPS]
    rows = []
    for row in table.paginated_rows:
        cells = []
        for columns in headings:
            said = tuple((str(column.header), row.get_cell(column.name)) for column in columns)
            cells.append(Cell(said, _css(columns[0])))
        rows.append(Row(tuple(cells), row.attrs.get("class", "")))
    return rows


def _css(column: Any) -> str:
    return str(column.attrs["td"].get("class", "") if column.name == "gross" else "")


def filters_of(request: HttpRequest, customer: Customer) -> Filters:
    """The customer's documents, narrowed as the address says; the years are one query."""
    return Filters(
        request.GET or None,
        queryset=invoices_for(customer),
        request=request,
        years=queries.years_of(customer),
    )


def bill_url(invoice: Invoice) -> str:
    """The page of the document in the client zone."""
    return reverse("client:e_faktura:bill", kwargs={"pk": invoice.pk})


def usage_text(invoice: Invoice) -> str:
    """ "12 m³"; no decimals that are zero."""
    if invoice.usage is None:
        return ""
    value = invoice.usage.normalize()
    exponent = value.as_tuple().exponent
    places = max(0, -exponent) if isinstance(exponent, int) else 0
    return f"{decimal(value, places)}{HARD}{invoice.usage_unit}".strip()


def table_of(request: HttpRequest, found: QuerySet[Invoice], caption: str) -> Bills:
    """The page of the table that was asked for; an order or page that is none gives the usual one."""
    known = {name for field in SORTABLE for name in (field, f"-{field}")}
    asked = request.GET.get(ORDER, "")
    table: Any = Bills(found, order_by=asked if asked in known else USUAL, attrs={"caption": caption})
    table.paginate(per_page=PER_PAGE)
    table.page = table.paginator.get_page(number_of(request))
    return table
