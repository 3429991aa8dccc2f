"""The demo town's outages."""

from __future__ import annotations

from typing import Any

import pytest
from wagtail.models import Locale, Site

from ebok.accounts.models import User
from ebok.journal.models import Event
from ebok.operations.demo_world import World
from snippets.outages import queries
from snippets.outages.demo import load_outages
from snippets.outages.models import Outage, Street
from tests.snippets.outages.conftest import NOW


@pytest.mark.feature("A03", "A04", "A05", "A06")
def test_the_town_has_outages_past_present_and_planned(
    site: Site, superuser: User, locales: dict[str, Locale], clock: Any
) -> None:
    world = World(
        site=site, polish=locales["pl"], english=locales["en"], users={"editor": superuser}, now=NOW
    )
    load_outages(world)
    counts = (Street.objects.count(), Outage.objects.count())
    load_outages(world)
    assert (Street.objects.count(), Outage.objects.count()) == counts == (128, 18)
    assert [outage.headline for outage in queries.current(site)] == [
        "Brak wody: ul. Lipowa i Krótka",
        "Niższe ciśnienie: ul. Słoneczna, Pogodna i Wiosenna",
    ]
    assert len(queries.planned(site)) == 4
    assert len(queries.archive(site).outages) == 12
    assert Event.objects.filter(kind="snippets.outage_rule_overridden").count() == 1
    assert [o.headline for o in queries.check_address(site, "Lipowa 4").ongoing] == [
        "Brak wody: ul. Lipowa i Krótka"
    ]
    assert queries.check_address(site, "Lipowa 5").ongoing == ()
