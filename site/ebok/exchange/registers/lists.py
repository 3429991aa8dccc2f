"""The list of a register: filters, pages by key, export. Whatever stands in the address, never an error."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ebok.exchange.registers import files
from ebok.exchange.registers.columns import Cell, Shown, cells
from ebok.exchange.registers.filters import Filters
from ebok.exchange.registers.paging import NoSuchPlace, Order, Page, about, every, page
from ebok.journal.services import record
from ebok.plugins.permissions import allowed

AFTER, BEFORE, EXPORT = "po", "przed", "export"
FORMATS = ("csv", "xlsx")


@dataclass(frozen=True, kw_only=True)
class Listing:
    """A register as a list: what it shows of which rows, in which order, under which rights.

    `order` must be served by an index. `mark` gives a row's class names. `room` has the permissions `view`
    and `export` and the event kind `exported`.
    """

    model: type[models.Model]
    room: str
    order: Order
    columns: Sequence[Shown]
    filters: type[Filters] = Filters
    export: Sequence[Shown] = ()
    rows: Callable[[], QuerySet[Any]] | None = None
    mark: Callable[[Any], str] | None = None
    file_name: str = ""

    def found(self) -> QuerySet[Any]:
        """All rows, with what the columns need of other tables."""
        return self.rows() if self.rows else self.model._default_manager.all()


@dataclass(frozen=True)
class Drawn:
    """A row of a page as the template draws it."""

    cells: list[Cell]
    mark: str
    buttons: list[dict[str, Any]]


class ListMixin:
    """Answers for a `Listing`; mixed into modeladmin's index view and into report views."""

    template_name = "registers/list.html"
    request: HttpRequest

    def listing(self) -> Listing:
        """What is listed."""
        raise NotImplementedError

    def buttons_of(self, row: Any) -> list[dict[str, Any]]:
        """Buttons at the end of a row."""
        return []

    def answer(self, request: HttpRequest) -> HttpResponseBase:
        """The page, the export, or the clean list where the address makes no sense."""
        listing = self.listing()
        form = listing.filters(request.GET)
        if set(request.GET) - {*form.fields, AFTER, BEFORE, EXPORT}:
            return HttpResponseRedirect(request.path)
        if not form.is_valid():
            return self.draw(listing, form, None)
        found = form.narrow(listing.found())
        if EXPORT in request.GET:
            return self._export(listing, form, found)
        try:
            shown = page(
                found, listing.order, after=request.GET.get(AFTER, ""), before=request.GET.get(BEFORE, "")
            )
        except NoSuchPlace:
            return HttpResponseRedirect(f"?{urlencode(form.given)}" if form.given else request.path)
        return self.draw(listing, form, shown)

    def draw(self, listing: Listing, form: Filters, shown: Page | None) -> HttpResponse:
        """Draw the page; `shown` is None while the filters are not right."""
        rows = shown.rows if shown else []
        context = self.get_context_data(  # type: ignore[attr-defined]
            listing=listing,
            form=form,
            page=shown,
            rows=[
                Drawn(
                    cells(row, listing.columns),
                    listing.mark(row) if listing.mark else "",
                    self.buttons_of(row),
                )
                for row in rows
            ],
            size=self._size(listing, form, shown),
            before_url=_url({**form.given, BEFORE: shown.before}) if shown and shown.before else "",
            after_url=_url({**form.given, AFTER: shown.after}) if shown and shown.after else "",
            exports=self._exports(listing, form),
        )
        response: HttpResponse = self.render_to_response(context)  # type: ignore[attr-defined]
        response["Cache-Control"] = "no-store"
        return response

    def _size(self, listing: Listing, form: Filters, shown: Page | None) -> str:
        """How much there is, uncounted: exact on a single page, an estimate where PostgreSQL has one."""
        if shown is None or not shown.rows:
            return ""
        if shown.is_whole:
            return ngettext("%(count)d row", "%(count)d rows", len(shown.rows)) % {"count": len(shown.rows)}
        estimate = None if form.given else about(listing.model)
        if estimate:
            return _("About %(count)s rows") % {"count": number_format(estimate, force_grouping=True)}
        return ""

    def _exports(self, listing: Listing, form: Filters) -> list[tuple[str, str]]:
        if not allowed(self.request.user, f"{listing.room}.export"):
            return []
        return [(name.upper(), _url({**form.given, EXPORT: name})) for name in FORMATS]

    def _export(self, listing: Listing, form: Filters, found: QuerySet[Any]) -> HttpResponseBase:
        name = self.request.GET[EXPORT]
        if name not in FORMATS:
            return HttpResponseRedirect(f"?{urlencode(form.given)}" if form.given else self.request.path)
        if not allowed(self.request.user, f"{listing.room}.export"):
            raise PermissionDenied
        title = str(listing.model._meta.verbose_name_plural)
        columns = listing.export or listing.columns
        rows = every(found, listing.order)
        response: HttpResponseBase
        if name == "xlsx":
            try:
                book = files.as_xlsx(rows, columns, title)
            except files.TooLong:
                messages.error(
                    self.request,
                    _("A workbook takes at most %(most)s rows. Narrow the list down, or take CSV.")
                    % {"most": number_format(files.MOST_ROWS_OF_XLSX, force_grouping=True)},
                )
                return HttpResponseRedirect(f"?{urlencode(form.given)}" if form.given else self.request.path)
            response = FileResponse(book, content_type=files.XLSX)
        else:
            response = StreamingHttpResponse(
                files.as_csv(rows, columns), content_type="text/csv; charset=utf-8"
            )
        self._tell(listing, form, name, title)
        stem = listing.file_name or listing.model._meta.model_name
        response["Content-Disposition"] = (
            f'attachment; filename="{stem}-{timezone.localdate():%Y-%m-%d}.{name}"'
        )
        response["Cache-Control"] = "no-store"
        return response

    def _tell(self, listing: Listing, form: Filters, name: str, title: str) -> None:
        record(
            f"{listing.room}.exported",
            text=_("Exported from the register as %(form)s: %(title)s")
            % {"title": title, "form": name.upper()},
            request=self.request,
            payload={"filters": form.given},
        )


def _url(parameters: dict[str, str]) -> str:
    return f"?{urlencode(parameters)}"
