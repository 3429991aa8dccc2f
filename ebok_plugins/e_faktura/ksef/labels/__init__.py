"""What the fields of FA(3) are called by people, and what their codes mean.

The schema's own descriptions quote the act in long sentences; these are the names a bill bears.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ebok_plugins.e_faktura.ksef.labels.annotations import LABELS as ANNOTATIONS
from ebok_plugins.e_faktura.ksef.labels.document import LABELS as DOCUMENT
from ebok_plugins.e_faktura.ksef.labels.invoice import LABELS as INVOICE
from ebok_plugins.e_faktura.ksef.labels.lines import LABELS as LINES
from ebok_plugins.e_faktura.ksef.labels.parties import LABELS as PARTIES
from ebok_plugins.e_faktura.ksef.labels.payment import LABELS as PAYMENT
from ebok_plugins.e_faktura.ksef.labels.terms import LABELS as TERMS
from ebok_plugins.e_faktura.ksef.labels.words import WORDS

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as Text

LABELS: dict[str, Text] = {**DOCUMENT, **PARTIES, **INVOICE, **ANNOTATIONS, **LINES, **PAYMENT, **TERMS}

_SAME_WORDS = {"P_12Z": "P_12", "StanPrzedZ": "StanPrzed"}


def label(field: str) -> str:
    """What the field is called; its own name for one the schema does not know."""
    return str(LABELS.get(field, field))


def word(field: str, code: str) -> str:
    """What the code means in this field; the code itself where it speaks for itself."""
    return str(WORDS.get(_SAME_WORDS.get(field, field), {}).get(code, code))


def has_words(field: str) -> bool:
    """Whether the field holds codes that are shown as words."""
    return _SAME_WORDS.get(field, field) in WORDS
