"""The look as a Django app."""

from django.utils.translation import gettext_lazy as _

from ebok.plugins.contract import RoomConfig


class Look(RoomConfig):
    """Theme settings, the reader's text size and contrast, icons and component templates."""

    name = "ebok.look"
    label = "look"
    key = "look"
    verbose_name = _("Look")

    def ready(self) -> None:
        """Register the system checks; have theme and organisation come with the site."""
        from ebok.look import checks  # noqa: F401, PLC0415 (registers on import, needs loaded apps)
        from ebok.plugins.site import read_along  # noqa: PLC0415 (models, so it needs loaded apps)

        read_along("themesettings__logo", "organisationsettings")
