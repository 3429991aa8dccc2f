"""Who signed in and out, and who could not (B08-B10): the session journal for staff."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from ebok.journal import queries
from ebok.zones.views import ZoneMixin

KINDS = (
    ("accounts.signed_in", _("Signed in")),
    ("accounts.signed_out", _("Signed out")),
    ("accounts.sign_in_failed", _("Failed tries")),
)
LONGEST = 100


class SignIns(ZoneMixin, TemplateView):
    """One kind at a time, newest first, by person; pages by cursor."""

    permission_required = "employee_zone.see_sign_ins"
    template_name = "employee_zone/sign_ins.html"
    title = _("Sign-ins")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """One page; unknown kinds show who signed in."""
        asked = self.request.GET
        known = dict(KINDS)
        kind = asked.get("rodzaj", "") if asked.get("rodzaj", "") in known else KINDS[0][0]
        who = asked.get("kto", "").replace("\x00", "")[:LONGEST].strip()
        failed = kind == "accounts.sign_in_failed"
        wanted = queries.Wanted(kind=kind, text=who if failed else "", who="" if failed else who)
        page = queries.page(wanted, older_than=queries.Cursor.parse(asked.get("starsze", "")))
        return super().get_context_data(kinds=KINDS, kind=kind, who=who, page=page, **kwargs)
