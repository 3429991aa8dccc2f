"""e-Faktura as a plugin: bills on the screen and as PDF, delivered with proof, and checked by anybody."""

from django.utils.translation import gettext_lazy as _

from ebok.plugins.contract import PluginConfig


class EFaktura(PluginConfig):
    """Bills with lines, corrections and charts; their PDF, their delivery, and the check of forgeries."""

    name = "ebok_plugins.e_faktura"
    label = "e_faktura"
    key = "e_faktura"
    verbose_name = _("e-Faktura")
    title = _("e-Faktura")
    description = _(
        "Bills on the screen and as PDF with codes, delivered by e-mail with proof, and a public page that "
        "tells a genuine bill from a forged one."
    )
    kind = "module"
    version = "0.1.0"
    core = ">=0.1,<1"
    enhances = ("client_zone", "employee_zone")
    mounts = {"public": "faktura/", "client": "faktury/", "employee": "faktury/"}
    settings_model = "e_faktura.InvoiceSettings"

    def ready(self) -> None:
        """Listen to imports, messages and decisions."""
        # Receivers need loaded models.
        from ebok_plugins.e_faktura import receivers  # noqa: PLC0415 (needs loaded models)

        receivers.connect()
