"""e-Odczyt as a plugin: sending readings of meters, and their history."""

from django.utils.translation import gettext_lazy as _

from ebok.plugins.contract import PluginConfig


class EOdczyt(PluginConfig):
    """Readings sent by people, judged, handled by employees, handed to the billing system and settled."""

    name = "ebok_plugins.e_odczyt"
    label = "e_odczyt"
    key = "e_odczyt"
    verbose_name = _("e-Odczyt")
    title = _("e-Odczyt")
    description = _(
        "People send the states of their meters, see what became of them and how much they use;"
        " employees look at the doubtful ones."
    )
    kind = "module"
    version = "0.1.0"
    core = ">=0.1,<1"
    enhances = ("client_zone", "employee_zone")
    mounts = {"public": "odczyt/", "client": "odczyty/", "employee": "odczyty/"}
    settings_model = "e_odczyt.ReadingSettings"

    def ready(self) -> None:
        """Listen to the exchange, so that readings learn what became of them."""
        from ebok_plugins.e_odczyt import receivers  # noqa: PLC0415 (needs loaded models)

        receivers.connect()
