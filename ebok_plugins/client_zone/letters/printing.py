"""The PDF of letters: one page for each customer, the address in the window of the envelope, a QR code."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import segno
import typst
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from wagtail.models import Site

from ebok.customers.models import Customer
from ebok.look.dates import written
from ebok.look.models import OrganisationSettings, ThemeSettings
from ebok_plugins.client_zone.letters.addressing import address_lines
from ebok_plugins.client_zone.registration.rules import grouped_code

SHEET = Path(__file__).with_name("letter.typ")
LANGUAGE = "pl"


@dataclass(frozen=True)
class Printed:
    """What stands on one letter."""

    customer: Customer
    code: str
    until: date
    """The last day on which the code works."""


def letters_pdf(letters: Sequence[Printed], site: Site) -> bytes:
    """The bytes of the PDF, in Polish. Names travel as data, never as markup."""
    with translation.override(LANGUAGE):
        inputs = {"data": json.dumps(_data(letters, site))}
    moment = timezone.now().replace(microsecond=0)
    try:
        # The same letters on every machine, whatever fonts it has.
        pdf = typst.compile(
            SHEET.read_bytes(),
            sys_inputs=inputs,
            ignore_system_fonts=True,
            pdf_standards=["ua-1"],
            timestamp=moment,
        )
    except typst.TypstError:
        # PDF/UA refuses letters that the font lacks; then the machine's fonts help out.
        pdf = typst.compile(SHEET.read_bytes(), sys_inputs=inputs, timestamp=moment)
    return bytes(pdf)


def registration_address(site: Site) -> str:
    """The address people type or scan: the page for codes from letters."""
    return f"{site.root_url}{reverse('public:client_zone:letter')}"


def _data(letters: Sequence[Printed], site: Site) -> dict[str, Any]:
    organisation = OrganisationSettings.for_site(site)
    theme = ThemeSettings.for_site(site)
    address = registration_address(site)
    bare = address.split("://", 1)[-1].rstrip("/")
    town = f"{organisation.postcode} {organisation.city}".strip()
    name = organisation.legal_name or theme.short_name
    day = written(timezone.localdate(), "j E Y")
    return {
        "title": _("Your account in our customer office"),
        "sender": [line for line in (name, organisation.street, town, organisation.phone) if line],
        "place": f"{organisation.city}, {day}" if organisation.city else day,
        "before": [
            _("Good day,"),
            _(
                "your bills, readings and meters are waiting for you on the web. To see them you need only "
                "this letter and an e-mail address."
            ),
        ],
        "code_label": _("Customer number"),
        "letter_code_label": _("Code, works once"),
        "steps": [
            _("Open %(address)s or scan the square.") % {"address": bare},
            _("Type the customer number and the code."),
            _("Type your e-mail and choose a password. We send a link to confirm the address."),
        ],
        "after": [
            _("Whoever has this code can see your bills: give it to nobody. We never ask for it."),
            _("If you do not want an account, throw the letter away: nothing changes."),
        ],
        "qr": _qr(address),
        "qr_alt": _("Square code with the address %(address)s") % {"address": bare},
        "letters": [
            {
                "address": address_lines(letter.customer),
                "customer": letter.customer.code,
                "code": grouped_code(letter.code),
                "until": _("The code works until %(day)s.") % {"day": written(letter.until, "j E Y")},
            }
            for letter in letters
        ],
    }


def _qr(address: str) -> str:
    out = io.BytesIO()
    segno.make(address, error="m").save(out, kind="svg", border=0, xmldecl=False, svgns=True)
    return out.getvalue().decode()
