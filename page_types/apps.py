"""The page types as a Django app."""

from django.utils.translation import gettext_lazy as _

from ebok.plugins.contract import RoomConfig


class PageTypes(RoomConfig):
    """Wagtail page models of the public zone and the blocks their bodies are made of."""

    name = "page_types"
    label = "page_types"
    key = "page_types"
    verbose_name = _("Pages")
