"""Which channel carries a message of a site: the first that is on there and set up."""

from __future__ import annotations

from wagtail.models import Site

from ebok.plugins.activation import enabled_keys
from ebok.plugins.contract import PluginConfig
from ebok.plugins.registry import registry
from ebok.ports import MessageChannel


def channel_for(medium: str, site: Site) -> MessageChannel | None:
    """A channel of that medium, or None where nobody brings one; rooms of the core come first."""
    enabled: frozenset[str] | None = None
    for owner, channel in registry.contributions("message_channels"):
        if channel.medium != medium:
            continue
        if isinstance(owner, PluginConfig):
            enabled = enabled_keys(site) if enabled is None else enabled
            if owner.key not in enabled:
                continue
        if channel.serves(site):
            found: MessageChannel = channel
            return found
    return None
