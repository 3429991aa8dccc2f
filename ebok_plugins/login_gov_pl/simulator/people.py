"""Who can be confirmed by the simulator: people of the 19th century, so nobody has these numbers."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Citizen:
    """Somebody the simulator knows."""

    given_name: str
    family_name: str
    identifier: str
    birth: str
    level: str = "substantial"


PEOPLE = (
    Citizen("Anna", "Próbna", "41810100029", "1841-01-01"),
    Citizen("Jan", "Testowy", "42820100058", "1842-02-01", level="high"),
    Citizen("Ewa", "Niska", "43830100063", "1843-03-01", level="low"),
)
