"""The register of the board's owner, asked when one customer's data are renewed."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from ebok.ports import Rows


class BoardRegister:
    """A stand-in for another system: it knows one place, whoever is asked about."""

    key = "noticeboard.register"
    title = _("Register of boards")

    def fetch(self, customer_code: str) -> Iterable[tuple[str, Rows]]:
        """Everything the register knows; a real one would ask over the network."""
        yield "noticeboard_places", [{"code": "T-1", "name": f"Rynek ({customer_code})"}]


data_sources = [BoardRegister()]
