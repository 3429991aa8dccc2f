"""Invoices of KSeF for the demo: of its people and firms, some through KSeF only, some for the clerk."""

from __future__ import annotations

import hashlib
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from django.utils import timezone

from ebok.billing.models import Invoice
from ebok.billing.queries import lines_of
from ebok.customers.models import Customer
from ebok.exchange.checks_of_text import ksef_crc
from ebok_plugins.e_faktura.ksef import deciding, modes, receiving, upo, writing
from ebok_plugins.e_faktura.models import KsefDocument, KsefState

if TYPE_CHECKING:
    from ebok.accounts.models import User
    from ebok.operations.demo_world import World

SELLER = writing.Seller(
    "9999999999", "Wodociągi Miejskie w Lipowie sp. z o.o.", "ul. Wodna 1", "99-000 Lipowo"
)
"""The Ministry's example seller: no tax number that begins with zero fits the schema."""
EXAMPLES = Path(__file__).parent / "ksef" / "examples"
HOME, MANAGER = "K-000001", "K-000004"
MOST_OF_ONE = 6
FIRMS = 8
OFFICIAL = {"24": HOME, "2": MANAGER, "7": MANAGER, "8": MANAGER, "10": MANAGER, "12": MANAGER}
"""Examples of the Ministry and whose they become: a bill with readings, corrections, margin, an advance."""


def load(world: World) -> None:
    """Structured invoices of the town, and what waits for the clerk; without a town only the latter."""
    if KsefDocument.objects.exists():
        return
    people = {one.code: one for one in Customer.objects.filter(code__in=(HOME, MANAGER))}
    clerk = world.users["employee"]
    if people:
        for invoice in _chosen(people):
            _take(invoice, clerk)
        _official(people, clerk)
    receiving.take(_energy().replace(b"\r\n", b"\n"), "FV-zapisana-ponownie.xml", actor=clerk)
    unknown = "FA_3_Przyklad_5.xml"
    receiving.take((EXAMPLES / unknown).read_bytes(), unknown, actor=clerk)
    receiving.take(_energy()[:3000], "FV-ucieta.xml", actor=clerk)


def _chosen(people: dict[str, Customer]) -> list[Invoice]:
    """The newest bills of the demo's own customers, and of some firms that have theirs from KSeF."""
    chosen: dict[int, Invoice] = {}
    own = Invoice.objects.filter(customer__in=people.values(), is_cancelled=False)
    for customer in people.values():
        for one in own.filter(customer=customer).order_by("-issued_on", "-id")[:MOST_OF_ONE]:
            chosen[one.pk] = one
    firms = Invoice.objects.exclude(ksef_mode="outside").order_by("-issued_on", "-id")
    for one in firms[:FIRMS]:
        chosen[one.pk] = one
    return list(chosen.values())


def _take(invoice: Invoice, clerk: User) -> None:
    customer = Customer.objects.get(pk=invoice.customer_id)
    content = writing.fa3_of(invoice, customer, list(lines_of(invoice)), SELLER)
    number, accepted_at, mode = invoice.ksef_number, invoice.ksef_accepted_at, invoice.ksef_mode
    if mode == modes.OUTSIDE:
        # The utility may issue to consumers in KSeF, too, and sends what KSeF gave beside its data.
        number, mode = _number_of(invoice), modes.ONLINE
        accepted_at = datetime.combine(invoice.issued_on, time(10, 7), tzinfo=upo.WARSAW)
    told = receiving.Told(number=number, mode=mode, accepted_at=accepted_at)
    name = f"{number or invoice.number.replace('/', '-')}.xml"
    receiving.take(content, name, told=told, actor=clerk)
    if number and accepted_at:
        confirmation = writing.upo_of(content, invoice, number, accepted_at)
        receiving.take(confirmation, f"UPO-{number}.xml", actor=clerk)


def _number_of(invoice: Invoice) -> str:
    technical = hashlib.sha256(f"ksef {invoice.number}".encode()).hexdigest()[:12].upper()
    body = f"{SELLER.nip}-{invoice.issued_on:%Y%m%d}-{technical}"
    return f"{body}-{ksef_crc(body)}"


def _official(people: dict[str, Customer], clerk: User) -> None:
    """The examples name other customers: the clerk says whose they are, as for any doubtful one."""
    for place, (number, code) in enumerate(OFFICIAL.items()):
        content = (EXAMPLES / f"FA_3_Przyklad_{number}.xml").read_bytes()
        row = receiving.take(content, f"FA_3_Przyklad_{number}.xml", actor=clerk).record
        if isinstance(row, KsefDocument) and row.state == KsefState.WAITING and code in people:
            deciding.give_to(row, people[code], seen=row.changes, actor=clerk)
        received = timezone.now() - timedelta(days=place + 1)
        KsefDocument.objects.filter(pk=row.pk).update(received_at=received)


def _energy() -> bytes:
    return (EXAMPLES / "FA_3_Przyklad_24.xml").read_bytes()
