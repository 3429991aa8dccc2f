"""Client zone as a plugin: it opens the place; modules bring what is done there."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from ebok.plugins.contract import PluginConfig
from ebok.ports import Zone


def may_enter(request: HttpRequest) -> bool:
    """Everybody who is signed in: whose customers they see is asked page by page."""
    return request.user.is_authenticated and request.user.is_active


class ClientZone(PluginConfig):
    """Where a customer sees bills, readings and cases."""

    name = "ebok_plugins.client_zone"
    label = "client_zone"
    key = "client_zone"
    verbose_name = _("Client zone")
    title = _("Client zone")
    description = _("Where a customer sees bills, readings and cases.")
    kind = "zone"
    version = "0.1.0"
    core = ">=0.1,<1"
    mounts = {"client": "", "public": "rejestracja/", "employee": "klienci/"}
    settings_model = "client_zone.JoiningSettings"
    zone = Zone(
        key="client",
        path="moje-konto/",
        title=_("Client zone"),
        base_template="zones/client.html",
        may_enter=may_enter,
    )
