"""Official documents, and what breaks one."""

from __future__ import annotations

from pathlib import Path

from ebok_plugins.e_faktura import ksef

EXAMPLES = sorted((Path(ksef.__file__).parent / "examples").glob("*.xml"))
CONFIRMATIONS = sorted((Path(__file__).parent / "confirmations").glob("*.xml"))
ENERGY = next(file for file in EXAMPLES if file.stem.endswith("_24"))
"""The utility's bill with tables of readings."""
NUMBER = "9999999999-20260301-0100001AF629-8F"


def energy() -> bytes:
    """The bytes of the utility's bill."""
    return ENERGY.read_bytes()


def changed(before: str, after: str) -> bytes:
    """The utility's bill with one passage replaced, so that nothing else is wrong with it."""
    content = energy()
    assert content.count(before.encode()) >= 1
    return content.replace(before.encode(), after.encode(), 1)
