"""Texts to agree to in the Wagtail admin; and deleting a person there forgets them as everywhere else."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import DeleteView, SnippetViewSet

from ebok.accounts.models import ConsentText, User
from ebok.accounts.services import Refused, delete_account


class KeptDeleteView(DeleteView):
    """A version somebody agreed to is a proof, so it stays."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Refuse with a sentence, or go on to the question."""
        if self.object.consents.exists():
            messages.error(request, _("Somebody agreed to this version already, so it must stay."))
            return redirect(self.get_success_url())
        return super().dispatch(request, *args, **kwargs)


class ConsentTexts(SnippetViewSet):
    """Terms and consents, version by version."""

    model = ConsentText
    icon = "doc-full-inverse"
    menu_label = gettext_lazy("Texts to agree to")
    menu_name = "consent-texts"
    menu_order = 700
    add_to_settings_menu = True
    list_display = [
        "title",
        Column("get_kind_display", label=gettext_lazy("what it is about"), sort_key="kind"),
        "version",
        "valid_from",
        BooleanColumn("required", label=gettext_lazy("required")),
    ]
    list_filter = ["kind", "required"]
    list_per_page = 50
    copy_view_enabled = False
    delete_view_class = KeptDeleteView


register_snippet(ConsentTexts)


@hooks.register("before_delete_user")
def forget_user(request: HttpRequest, user: User) -> HttpResponse | None:
    """In place of deleting the row, which billing and the journal may refer to."""
    return _forget(request, [user]) if request.method == "POST" else None


@hooks.register("before_bulk_action")
def forget_users(
    request: HttpRequest, action_type: str, objects: Iterable[Any], _action: object
) -> HttpResponse | None:
    """The same for several at once."""
    people = [found for found in objects if isinstance(found, User)]
    return _forget(request, people) if action_type == "delete" and people else None


def _forget(request: HttpRequest, people: list[User]) -> HttpResponse:
    for person in people:
        try:
            delete_account(
                person,
                reason=_("Deleted in the administrator's panel"),
                actor=request.user,  # type: ignore[arg-type]  # the panel lets nobody else in
                request=request,
            )
        except Refused as refused:
            messages.error(request, f"{person.display_name}: {refused.sentence}")
        else:
            messages.success(request, _("The account is deleted; the data of billing stay."))
    return redirect("wagtailusers_users:index")
