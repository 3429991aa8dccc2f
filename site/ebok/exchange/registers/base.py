"""The one safe base class over wagtail-modeladmin."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import URLPattern, re_path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail_modeladmin.options import ModelAdmin

from ebok.exchange import entering
from ebok.exchange.mirror import Mirrored
from ebok.exchange.registers.entry_forms import EntryForm
from ebok.exchange.registers.lists import Listing
from ebok.exchange.registers.rights import Addresses, Rights
from ebok.exchange.registers.sections import Link, Section
from ebok.exchange.registers.views import (
    RegisterApprove,
    RegisterCreate,
    RegisterDelete,
    RegisterEdit,
    RegisterIndex,
    RegisterInspect,
)

LARGEST_KEY = 2**63 - 1


class SafeModelAdmin(ModelAdmin):
    """A register of a keyed dataset.

    Against modeladmin's own ways: parameters that make no sense lead to the clean list, a key that is no
    number or too large is not found (404), pages go by key without counting, forms are the dataset's. What
    a register says of itself: `listing`, `sections`, and `form_class` with `save` where rows are entered.
    """

    listing: Listing
    form_class: type[EntryForm] = EntryForm
    add_words: Any = gettext_lazy("Add")
    prefilled: ClassVar[tuple[str, ...]] = ("customer_code", "point_code")
    """Columns that the address of the form may fill in."""
    in_menu = True
    intro: Any = ""
    """A sentence above the list."""

    inspect_view_enabled = True
    history_view_enabled = False
    permission_helper_class: ClassVar[type[Rights]] = Rights
    url_helper_class = Addresses
    index_view_class = RegisterIndex
    inspect_view_class = RegisterInspect
    create_view_class = RegisterCreate
    edit_view_class = RegisterEdit
    delete_view_class = RegisterDelete
    more_views: ClassVar[dict[str, Any]] = {}
    """Further views of one row, action to class."""

    def __init__(self, parent: Any = None) -> None:
        super().__init__(parent)
        self.row_views = {"zatwierdz": RegisterApprove, **self.more_views}

    # What a register shows ------------------------------------------------------------------

    def sections(self, row: Any, request: HttpRequest) -> list[Section]:
        """The sections of the inspect view."""
        raise NotImplementedError

    def actions(self, row: Any, request: HttpRequest) -> list[Link]:
        """Links to what this person may do with the row."""
        rights, found = self.permission_helper, []
        if rights.user_can_edit_obj(request.user, row):
            found.append(Link(self.address("edit", row), _("Correct"), strong=True))
        if rights.user_can_delete_obj(request.user, row):
            found.append(Link(self.address("delete", row), _("Delete…")))
        return found

    def posts(self, row: Any, request: HttpRequest) -> list[Link]:
        """Buttons that change something at once."""
        if self.permission_helper.user_can_approve_obj(request.user, row):
            return [Link(self.address("zatwierdz", row), _("Approve"))]
        return []

    # How rows get in ------------------------------------------------------------------------

    def entry_form(self, row: Mirrored, data: Any = None, initial: Any = None) -> EntryForm:
        """The form for that row."""
        return self.form_class(data, dataset=entering.dataset_of(self.model), row=row, initial=initial)

    def save(self, form: EntryForm, row: Mirrored, request: HttpRequest, *, new: bool) -> None:
        """Save a filled row; in one transaction. Raises `ValidationError` and `Refused`."""
        through = entering.enter if new else entering.correct
        through(row, actor=request.user, request=request)

    def saved_words(self, row: Any, *, new: bool) -> str:
        """What is said when a row was saved."""
        return (_("Entered: %(row)s") if new else _("Saved: %(row)s")) % {"row": row}

    # Addresses ------------------------------------------------------------------------------

    def address(self, action: str, row: Any) -> str:
        """The address of an action on the row."""
        return str(self.url_helper.get_action_url(action, row.pk))

    def inspect_url(self, row: Any) -> str:
        """The address of the row."""
        return self.address("inspect", row)

    def get_admin_urls_for_registration(self) -> tuple[URLPattern, ...]:
        """modeladmin's, and those of our further actions."""
        more = tuple(
            re_path(
                self.url_helper.get_action_url_pattern(action),
                self._row_view(view),
                name=self.url_helper.get_action_url_name(action),
            )
            for action, view in self.row_views.items()
        )
        return (*super().get_admin_urls_for_registration(), *more)

    def inspect_view(self, request: HttpRequest, instance_pk: str) -> HttpResponseBase:
        """One row."""
        return self._one(self.inspect_view_class, request, instance_pk)

    def edit_view(self, request: HttpRequest, instance_pk: str) -> HttpResponseBase:
        """Its form."""
        return self._one(self.edit_view_class, request, instance_pk)

    def delete_view(self, request: HttpRequest, instance_pk: str) -> HttpResponseBase:
        """Its end."""
        return self._one(self.delete_view_class, request, instance_pk)

    def _row_view(self, view: Any) -> Any:
        def answer(request: HttpRequest, instance_pk: str) -> HttpResponseBase:
            return self._one(view, request, instance_pk)

        return answer

    def _one(self, view: Any, request: HttpRequest, instance_pk: str) -> HttpResponseBase:
        if not 0 < int(instance_pk) <= LARGEST_KEY:
            raise Http404
        response: HttpResponseBase = view.as_view(model_admin=self, instance_pk=instance_pk)(request)
        return response
