"""Who signed in and out, and who could not (B08-B10): the session journal for staff."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from ebok.journal import sign_ins
from ebok.journal.queries import Cursor, Wanted
from ebok.zones.views import ZoneMixin

CHOICES = (
    ("", _("Everything"), sign_ins.KINDS),
    ("zalogowania", _("Sign-ins of people"), (sign_ins.SIGNED_IN,)),
    ("wylogowania", _("Sign-outs"), (sign_ins.SIGNED_OUT,)),
    ("nieudane", _("Failed tries"), (sign_ins.FAILED,)),
)
LONGEST = 100


class SignIns(ZoneMixin, TemplateView):
    """The session journal, newest first, narrowed by what and by whom; pages by cursor."""

    permission_required = "employee_zone.see_sign_ins"
    template_name = "employee_zone/sign_ins.html"
    title = _("Sign-ins")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """One page; an unknown choice shows everything."""
        asked = self.request.GET
        kinds = {value: kinds for value, _title, kinds in CHOICES}
        what = asked.get("co", "") if asked.get("co", "") in kinds else ""
        who = asked.get("kto", "").replace("\x00", "")[:LONGEST].strip()
        page = sign_ins.sessions(
            Wanted(text=who), kinds=kinds[what], older_than=Cursor.parse(asked.get("starsze", ""))
        )
        return super().get_context_data(choices=CHOICES, what=what, who=who, page=page, **kwargs)
