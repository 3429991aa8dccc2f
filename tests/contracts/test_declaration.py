"""The declaration part of the contract, for every installed plugin."""

from ebok.testing.contracts import DeclarationContract
from tests.contracts.every_plugin import EveryPlugin


class TestDeclaration(EveryPlugin, DeclarationContract):
    """See `ebok.testing.contracts.DeclarationContract`."""
