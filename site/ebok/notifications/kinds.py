"""The declared kinds of messages, by name."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail.models import Site

from ebok.plugins.activation import enabled_keys
from ebok.plugins.contract import PluginConfig
from ebok.plugins.registry import registry
from ebok.ports import MessageGroup, MessageKind

GROUP_TITLES = {
    MessageGroup.BILLS: _("Bills and payments"),
    MessageGroup.READINGS: _("Meters and readings"),
    MessageGroup.MESSAGES: _("Messages from our office"),
    MessageGroup.OUTAGES: _("Outages and works"),
    MessageGroup.ACCOUNT: _("Your account"),
}


class UnknownKind(LookupError):
    """Nobody declared a message of this kind."""


def all_kinds() -> list[MessageKind]:
    """Every declared kind, rooms first."""
    return [kind for _owner, kind in registry.contributions("message_kinds")]


def kinds_of_site(site: Site) -> list[MessageKind]:
    """Kinds of the rooms and of the plugins that are on for the site."""
    enabled = enabled_keys(site)
    return [
        kind
        for owner, kind in registry.contributions("message_kinds")
        if not isinstance(owner, PluginConfig) or owner.key in enabled
    ]


def secret_kinds() -> set[str]:
    """Names of the kinds whose messages let somebody in."""
    return {kind.key for kind in all_kinds() if kind.is_secret}


def kind_of(key: str) -> MessageKind:
    """The kind of that name. Raises `UnknownKind`."""
    for _owner, kind in registry.contributions("message_kinds"):
        if kind.key == key:
            found: MessageKind = kind
            return found
    raise UnknownKind(key)
