"""The access part of the contract, for every installed plugin."""

from ebok.testing.contracts import AccessContract
from tests.contracts.every_plugin import EveryPlugin


class TestAccess(EveryPlugin, AccessContract):
    """See `ebok.testing.contracts.AccessContract`."""
