"""Writing texts of messages, and going back to the standard ones; each change is an event."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import Site

from ebok.journal.services import record
from ebok.notifications.models import Channel, MessageTemplate
from ebok.notifications.texts import Texts, texts_of
from ebok.ports import MessageKind

if TYPE_CHECKING:
    from django.http import HttpRequest


@transaction.atomic
def store_template(
    kind: MessageKind,
    texts: Texts,
    *,
    site: Site,
    language: str,
    channel: str,
    actor: Any,
    request: HttpRequest | None = None,
) -> MessageTemplate | None:
    """Use these words from now on; None when they are in use already. Messages stored before keep theirs."""
    before = texts_of(kind, language, site)[channel]
    if texts == before:
        return None
    template, _created = MessageTemplate.objects.update_or_create(
        site=site,
        kind=kind.key,
        language=language,
        channel=channel,
        defaults={"subject": texts.subject, "body": texts.body, "action": texts.action},
    )
    record(
        "notifications.template_changed",
        text=_("Text of “%(kind)s” changed (%(channel)s, %(language)s)")
        % {"kind": kind.title, "channel": Channel(channel).label, "language": language},
        actor=actor,
        request=request,
        site=site,
        obj=template,
        payload={"kind": kind.key, "before": vars(before), "after": vars(texts)},
    )
    return template


@transaction.atomic
def restore_template(
    kind: MessageKind,
    *,
    site: Site,
    language: str,
    channel: str,
    actor: Any,
    request: HttpRequest | None = None,
) -> bool:
    """Use the standard words again; False when they are in use already."""
    template = MessageTemplate.objects.filter(
        site=site, kind=kind.key, language=language, channel=channel
    ).first()
    if template is None:
        return False
    record(
        "notifications.template_restored",
        text=_("Standard text of “%(kind)s” restored (%(channel)s, %(language)s)")
        % {"kind": kind.title, "channel": Channel(channel).label, "language": language},
        actor=actor,
        request=request,
        site=site,
        obj=template,
        payload={
            "kind": kind.key,
            "before": {"subject": template.subject, "body": template.body, "action": template.action},
        },
    )
    template.delete()
    return True
