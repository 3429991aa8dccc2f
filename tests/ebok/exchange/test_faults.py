"""Imports that are killed: nothing is lost, nothing is doubled, the next run continues."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.database import manage
from tests.ebok.exchange.interrupted import big_town, expected, import_with_kills

COUNTED = """
import json
from django.apps import apps
from ebok.exchange.models import Delivery, DeliveryPart
from ebok.exchange.report import report
from ebok.billing.models import Reading, Invoice
from ebok.customers.models import Meter
counts = {name: apps.get_model(name)._default_manager.count() for name in %r}
delivery = Delivery.objects.first()
print(json.dumps({
    "counts": counts,
    "deliveries": Delivery.objects.count(),
    "report": report(delivery)["datasets"],
    "differences": report(delivery)["differences"],
    "corrected": Invoice.objects.filter(corrects__isnull=False).count(),
    "changed": Meter.objects.filter(seal__endswith="b").count(),
    "orphans": Reading.objects.exclude(meter__in=Meter.objects.all()).count(),
}))
"""


def count(database_url: str, changed: bool) -> dict[str, object]:
    """What the mirror and the report say."""
    import json

    said = manage(
        database_url, "shell", "-v", "0", "-c", COUNTED % (list(expected(changed=changed)),), sample=False
    )
    found: dict[str, object] = json.loads(said.splitlines()[-1])
    return found


@pytest.mark.parametrize("seed", [1, 2])
def test_a_killed_import_continues(database_copy: Callable[[], str], tmp_path: Path, seed: int) -> None:
    database_url, runtime = database_copy(), tmp_path / "exchange"
    runtime.mkdir()
    first = big_town(tmp_path / "first")
    import_with_kills(database_url, runtime, first, kills=4, seed=seed)

    after = count(database_url, changed=False)
    assert after["counts"] == expected()
    assert (after["deliveries"], after["differences"], after["orphans"]) == (1, [], 0)
    assert after["corrected"] == 400

    second = big_town(tmp_path / "second", changed=True)
    import_with_kills(database_url, runtime, second, kills=3, seed=seed + 10)
    after = count(database_url, changed=True)
    assert after["counts"] == expected(changed=True)
    assert (after["deliveries"], after["differences"], after["changed"]) == (2, [], 58)
