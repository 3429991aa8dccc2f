"""The notice board as a plugin. Read this first."""

from django.utils.translation import gettext_lazy as _

from ebok.plugins.contract import PluginConfig


class Noticeboard(PluginConfig):
    """Notices pinned by neighbours."""

    name = "ebok_sample_noticeboard"
    label = "noticeboard"
    key = "noticeboard"
    verbose_name = _("Notice board")
    title = _("Notice board")
    description = _("Neighbours pin notices, employees look after them.")
    kind = "module"
    version = "1.2.0"
    core = ">=0.1,<1"
    enhances = ("client_zone", "employee_zone", "mobile_zone")
    mounts = {
        "client": "sasiedzi/",
        "employee": "sasiedzi/",
        "mobile": "sasiedzi/",
        "public": "tablica-ogloszen/",
    }
    settings_model = "noticeboard.NoticeboardSettings"
    provides = ()
    documentation = "https://notices.example/docs/"

    def ready(self) -> None:
        """Listen to the switchboard."""
        from ebok_sample_noticeboard import receivers

        receivers.connect()
