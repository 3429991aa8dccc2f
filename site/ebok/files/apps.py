"""The room of private files."""

from django.utils.translation import gettext_lazy as _

from ebok.plugins.contract import RoomConfig


class Files(RoomConfig):
    """Where files that are nobody else's business are kept, checked and handed out."""

    name = "ebok.files"
    label = "files"
    key = "files"
    verbose_name = _("Private files")
