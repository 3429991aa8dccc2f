"""The documentation part of the contract, for every installed plugin."""

from ebok.testing.contracts import DocumentationContract
from tests.contracts.every_plugin import EveryPlugin


class TestDocumentation(EveryPlugin, DocumentationContract):
    """See `ebok.testing.contracts.DocumentationContract`."""
