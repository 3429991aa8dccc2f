"""System checks of declared kinds of messages: a wrong one stops the start, not a letter in the night."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.checks import CheckMessage, Error, register
from django.utils import translation

from ebok.notifications.kinds import all_kinds
from ebok.notifications.wording import strange_places
from ebok.plugins.registry import ContributionError
from ebok.ports import MessageKind
from ebok.ports.message_kinds import CHANNELS, PORTAL
from ebok.ports.messages import SMS


@register
def check_message_kinds(app_configs: Any = None, **_kwargs: Any) -> list[CheckMessage]:
    """Channels that exist, and texts that name declared values only."""
    try:
        kinds = all_kinds()
    except ContributionError:
        # Said by the check of contributions.
        return []
    return [error for kind in kinds for error in _errors(kind)]


def _errors(kind: MessageKind) -> Iterator[CheckMessage]:
    if not kind.channels or set(kind.channels) - set(CHANNELS):
        yield Error(f"{kind.key}: channels must be some of {', '.join(CHANNELS)}.", id="ebok.E030")
    if kind.is_secret and PORTAL in kind.channels:
        yield Error(f"{kind.key}: what lets somebody in lies in no portal.", id="ebok.E034")
    if set(kind.default_channels) - set(kind.channels):
        yield Error(f"{kind.key}: default_channels must be among its channels.", id="ebok.E031")
    with translation.override(None):
        if SMS in kind.channels and not str(kind.sms):
            yield Error(f"{kind.key}: it goes by SMS and has no text for it.", id="ebok.E032")
        for name in ("subject", "body", "sms", "action"):
            for place in strange_places(str(getattr(kind, name)), kind.names):
                yield Error(f"{kind.key}: {place} in its {name} is no declared value.", id="ebok.E033")
