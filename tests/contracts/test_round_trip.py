"""The round trip of the contract, for every installed plugin."""

import pytest

from ebok.testing.contracts import RoundTripContract
from tests.contracts.every_plugin import EveryPlugin


@pytest.mark.feature("M11")
class TestRoundTrip(EveryPlugin, RoundTripContract):
    """See `ebok.testing.contracts.RoundTripContract`."""
