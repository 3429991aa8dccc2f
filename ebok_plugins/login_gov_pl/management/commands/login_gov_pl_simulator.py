"""`manage.py login_gov_pl_simulator`: a stand-in for the national node beside the demo."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from wagtail.models import Site

from ebok.plugins.activation import enable
from ebok_plugins.login_gov_pl.simulator.server import make_server
from ebok_plugins.login_gov_pl.testing import introduce, write_keys


class Command(BaseCommand):
    """Runs the simulator until Ctrl-C, and introduces it to the default site; only with EBOK_DEMO."""

    help = (
        "Runs a stand-in for login.gov.pl on this machine, writes keys and settings for the default site and"
        " switches the module on. Only where EBOK_DEMO is on."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """The port."""
        parser.add_argument("--port", type=int, default=8490)

    def handle(self, *args: Any, **options: Any) -> None:
        """Serve until Ctrl-C."""
        if not settings.EBOK_DEMO:
            raise CommandError("The simulator confirms anybody. It runs only where EBOK_DEMO is on.")
        site = Site.objects.get(is_default_site=True)
        server, node = make_server("localhost", options["port"])
        introduce(site, node, *write_keys())
        enable(site, "login_gov_pl")
        self.stdout.write(f"The simulator answers at {node.url}. Sign in at the portal; Ctrl-C ends this.")
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            self.stdout.write("Ended.")
        finally:
            server.server_close()
