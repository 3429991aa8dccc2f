"""Field zone as a plugin: it opens the place; modules bring what is done there."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from ebok.plugins.contract import PluginConfig
from ebok.ports import Zone


def may_enter(request: HttpRequest) -> bool:
    """Whoever was given the permission to enter, and superadministrators."""
    # Permissions live in the database, so their module can be imported only when Django is ready.
    from ebok.plugins.permissions import allowed  # noqa: PLC0415 (needs loaded models)

    return allowed(request.user, "mobile_zone.enter")


class MobileZone(PluginConfig):
    """Where fitters and meter readers work outdoors."""

    name = "ebok_plugins.mobile_zone"
    label = "mobile_zone"
    key = "mobile_zone"
    verbose_name = _("Field zone")
    title = _("Field zone")
    description = _("Where fitters and meter readers work outdoors.")
    kind = "zone"
    version = "0.1.0"
    core = ">=0.1,<1"
    mounts = {"mobile": ""}
    zone = Zone(
        key="mobile",
        path="teren/",
        title=_("Field zone"),
        base_template="zones/mobile.html",
        may_enter=may_enter,
        for_staff=True,
    )
