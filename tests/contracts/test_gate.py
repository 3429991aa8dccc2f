"""The gate part of the contract, for every installed plugin."""

import pytest

from ebok.testing.contracts import GateContract
from tests.contracts.every_plugin import EveryPlugin


@pytest.mark.feature("M11")
class TestGate(EveryPlugin, GateContract):
    """See `ebok.testing.contracts.GateContract`."""
