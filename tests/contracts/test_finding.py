"""The part of the contract about search and sitemap, for every installed plugin."""

from ebok.testing.contracts import FindingContract
from tests.contracts.every_plugin import EveryPlugin


class TestFinding(EveryPlugin, FindingContract):
    """See `ebok.testing.contracts.FindingContract`."""
