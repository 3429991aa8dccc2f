"""Screens of one register: list, inspect, add, correct, approve, delete."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.generic.base import ContextMixin
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail_modeladmin.views import (
    CreateView,
    DeleteView,
    EditView,
    IndexView,
    InspectView,
    InstanceSpecificView,
    WMABaseView,
)

from ebok.exchange import entering
from ebok.exchange.entering import Refused
from ebok.exchange.mirror import Mirrored
from ebok.exchange.registers.entry_forms import VERSION, EntryForm
from ebok.exchange.registers.lists import Listing, ListMixin
from ebok.exchange.registers.sections import provenance

if TYPE_CHECKING:
    from ebok.exchange.registers.base import SafeModelAdmin


class Screen(WagtailAdminTemplateMixin):
    """Wagtail's page furniture, crumbs, and nothing kept by a cache."""

    model_admin: SafeModelAdmin
    request: HttpRequest
    template_name = ""

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Home, the list, here."""
        items = [
            *self.breadcrumbs_items,
            {"url": self.model_admin.url_helper.index_url, "label": self.plural},
        ]
        here = self.here
        return (
            [*items, {"url": "", "label": here}] if here else [*items[:-1], {"url": "", "label": self.plural}]
        )

    @property
    def plural(self) -> str:
        """The register's name."""
        return str(capfirst(str(self.model_admin.get_menu_label())))

    @property
    def here(self) -> str:
        """What this screen is called below the list; "" for the list."""
        return ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Page furniture and what is told; nothing of modeladmin's own panels, histories and counts."""
        context: dict[str, Any] = ContextMixin.get_context_data(self, **kwargs)
        return context | {
            "header_title": self.here or self.plural,
            "header_icon": self.model_admin.get_menu_icon(),
            "breadcrumbs_items": self.get_breadcrumbs_items(),
            "header_buttons": [],
        }

    def get_template_names(self) -> list[str]:
        """Our own template, not modeladmin's."""
        return [self.template_name]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Never kept."""
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        return response


class RegisterIndex(ListMixin, Screen, IndexView):
    """The list. Nothing of modeladmin's own lookups, counts and offsets is used."""

    template_name = "registers/list.html"

    def listing(self) -> Listing:
        """As the register describes itself."""
        return self.model_admin.listing

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Refuse people without the right, then answer."""
        if not self.permission_helper.user_can_list(request.user):
            raise PermissionDenied
        if request.method not in ("GET", "HEAD"):
            return HttpResponse(status=405, headers={"Allow": "GET, HEAD"})
        self.button_helper = self.model_admin.get_button_helper_class()(self, request)
        return self.answer(request)

    def buttons_of(self, row: Any) -> list[dict[str, Any]]:
        """None: the first cell leads to the row."""
        return []

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the way to add a row."""
        may_add = self.permission_helper.user_can_create(self.request.user)
        return super().get_context_data(
            add_url=self.create_url if may_add else "",
            add_words=self.model_admin.add_words,
            intro=self.model_admin.intro,
            **kwargs,
        )


class RegisterInspect(Screen, InspectView):
    """One row in sections."""

    template_name = "registers/show.html"
    instance: Mirrored

    @property
    def here(self) -> str:
        """The row."""
        return str(self.instance)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Sections, provenance, and what this person may do."""
        return super().get_context_data(
            sections=self.model_admin.sections(self.instance, self.request),
            provenance=provenance(self.instance, self.request),
            actions=self.model_admin.actions(self.instance, self.request),
            posts=self.model_admin.posts(self.instance, self.request),
            **kwargs,
        )


class EntryView(Screen):
    """What adding and correcting share."""

    template_name = "registers/entry.html"
    permission_helper: Any
    model: type[Mirrored]
    url_helper: Any

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The form."""
        return self.draw(self.form())

    def form(self, data: Any = None) -> EntryForm:
        """The register's form for the row."""
        raise NotImplementedError

    def draw(self, form: forms.Form, *, differences: list[tuple[str, str]] | None = None) -> HttpResponse:
        """Draw the form with what was typed."""
        context = self.get_context_data(form=form, differences=differences or [], back=self.back())
        response: HttpResponse = self.render_to_response(context, status=422 if form.errors else 200)
        return response

    def back(self) -> str:
        """Where "cancel" leads."""
        return str(self.url_helper.index_url)

    def saved(self, row: Mirrored, words: str) -> HttpResponse:
        """Say that it is saved and show the row."""
        messages.success(self.request, words)
        return HttpResponseRedirect(self.model_admin.inspect_url(row))

    def save(self, form: EntryForm, row: Mirrored) -> bool:
        """Save through the door of the mirror; what it refuses is said in the form."""
        form.fill(row)
        try:
            with transaction.atomic():
                self.model_admin.save(form, row, self.request, new=form.is_new)
        except ValidationError as refused:
            form.take_errors(refused)
        except Refused as refused:
            form.add_error(None, refused.sentence)
        except IntegrityError:
            form.add_error(
                None, _("The database does not accept this together; check the dates and amounts.")
            )
        return not form.errors

    def stale(self, form: EntryForm, row: Mirrored) -> HttpResponse:
        """Somebody else saved the row meanwhile: show what differs, and let this person decide."""
        form.add_error(
            None,
            _(
                "Somebody changed this entry while you were working on it."
                " Nothing was saved yet; compare, then save again."
            ),
        )
        # The next saving is done knowing the other's change.
        typed = self.request.POST.copy()
        typed[VERSION] = row.changed_at.isoformat()
        form.data = typed
        return self.draw(form, differences=form.differences(row))


class RegisterCreate(EntryView, CreateView):
    """Enter a row."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Without modeladmin's panels."""
        super(WMABaseView, self).setup(request, *args, **kwargs)

    @property
    def here(self) -> str:
        """What is added."""
        return str(self.model_admin.add_words)

    def form(self, data: Any = None) -> EntryForm:
        """An empty form; the address may name what the row belongs to."""
        initial = {
            name: self.request.GET[name][:200]
            for name in self.model_admin.prefilled
            if name in self.request.GET
        }
        return self.model_admin.entry_form(self.model(), data, initial)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Enter it."""
        form, row = self.form(request.POST), self.model()
        if form.is_valid() and self.save(form, row):
            return self.saved(row, self.model_admin.saved_words(row, new=True))
        return self.draw(form)


class RegisterEdit(EntryView, EditView):
    """Correct a row; two people at once do not overwrite each other."""

    instance: Mirrored

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Without modeladmin's panels."""
        super(WMABaseView, self).setup(request, *args, **kwargs)

    @property
    def here(self) -> str:
        """The row that is corrected."""
        return _("Correct: %(row)s") % {"row": self.instance}

    def back(self) -> str:
        """The row."""
        return self.model_admin.inspect_url(self.instance)

    def form(self, data: Any = None, row: Mirrored | None = None) -> EntryForm:
        """The form with the row as it is."""
        return self.model_admin.entry_form(row or self.instance, data)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Correct it, unless somebody else did meanwhile."""
        with transaction.atomic():
            row = self.model._default_manager.select_for_update().get(pk=self.instance.pk)
            form = self.form(request.POST, row)
            if not form.is_valid():
                return self.draw(form)
            if form.cleaned_data[VERSION] != row.changed_at.isoformat():
                return self.stale(form, row)
            if not self.save(form, row):
                return self.draw(form)
        return self.saved(row, self.model_admin.saved_words(row, new=False))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With where the row came from."""
        return super().get_context_data(provenance=provenance(self.instance, self.request), **kwargs)


class ReasonForm(forms.Form):
    """Why something is done that cannot be undone."""

    reason = forms.CharField(
        max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"})
    )

    def __init__(self, *args: Any, label: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = label


class ConfirmMixin(Screen):
    """A page that asks once more, with a reason; a refusal is a sentence on the same page."""

    template_name = "registers/confirm.html"
    instance: Mirrored
    words = ""
    reason_label = ""
    warning = ""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Ask."""
        return self._draw(ReasonForm(label=self.reason_label))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Do it, or say why not."""
        form = ReasonForm(request.POST, label=self.reason_label)
        if form.is_valid():
            try:
                return self.do(form.cleaned_data["reason"])
            except Refused as refused:
                form.add_error("reason", refused.sentence)
        return self._draw(form)

    def do(self, reason: str) -> HttpResponse:
        """Do what is confirmed. Raises `Refused`."""
        raise NotImplementedError

    def _draw(self, form: ReasonForm) -> HttpResponse:
        context = self.get_context_data(
            form=form,
            words=self.words,
            warning=self.warning,
            back=self.model_admin.inspect_url(self.instance),
        )
        response: HttpResponse = self.render_to_response(context, status=422 if form.errors else 200)
        return response


class RegisterDelete(ConfirmMixin, DeleteView):
    """Delete a row (K15)."""

    @property
    def here(self) -> str:
        """What is deleted."""
        return _("Delete: %(row)s") % {"row": self.instance}

    @property
    def words(self) -> str:  # type: ignore[override]
        """The button."""
        return _("Delete")

    @property
    def reason_label(self) -> str:  # type: ignore[override]
        """The question."""
        return _("Reason for deleting")

    @property
    def warning(self) -> str:  # type: ignore[override]
        """What will be gone."""
        return _("The entry disappears for good; the journal keeps what it said and your reason.")

    def do(self, reason: str) -> HttpResponse:
        """Through the door of the mirror."""
        words = str(self.instance)
        self.remove(reason)
        messages.success(self.request, _("Deleted: %(row)s") % {"row": words})
        return HttpResponseRedirect(self.index_url)

    def remove(self, reason: str) -> None:
        """Delete the row. Raises `Refused`."""
        entering.delete(self.instance, reason=reason, actor=self.request.user, request=self.request)


class RegisterApprove(InstanceSpecificView):
    """Approve what was entered by hand."""

    http_method_names = ["post"]

    def check_action_permitted(self, user: Any) -> bool:
        """Who may approve; a second click is no offence."""
        return bool(self.permission_helper.may(user, "approve"))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Lock the row."""
        if not self.instance.is_locked:
            entering.approve(self.instance, actor=request.user, request=request)
            messages.success(request, _("Approved: %(row)s") % {"row": self.instance})
        return HttpResponseRedirect(self.model_admin.inspect_url(self.instance))
