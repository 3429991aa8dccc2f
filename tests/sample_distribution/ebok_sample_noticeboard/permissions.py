"""What a person may do here."""

from django.utils.translation import gettext_lazy as _

from ebok.ports import Permission

permissions = [Permission(name="noticeboard.moderate", title=_("Take down notices"))]
