"""e-Dokument as a plugin: document templates to download, and applications to send."""

from django.utils.translation import gettext_lazy as _

from ebok.plugins.contract import PluginConfig


class EDokument(PluginConfig):
    """Document templates with their own publication schedules, and applications sent online."""

    name = "ebok_plugins.e_dokument"
    label = "e_dokument"
    key = "e_dokument"
    verbose_name = _("e-Dokument")
    title = _("e-Dokument")
    description = _(
        "Document templates to download, each with its own schedule, and applications sent online."
    )
    kind = "module"
    version = "0.1.0"
    core = ">=0.1,<1"
    enhances = ("client_zone", "employee_zone")
    mounts = {"public": "dokumenty/", "employee": "wnioski/"}
    settings_model = "e_dokument.DocumentSettings"

    def ready(self) -> None:
        """Listen to publishing, so that every published file stays in the document's history."""
        # Receivers need loaded models.
        from ebok_plugins.e_dokument import receivers  # noqa: PLC0415 (needs loaded models)

        receivers.connect()
