"""The words of a kind of message in a language: an administrator's where there are some, or its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils import translation
from wagtail.models import Site

from ebok.notifications.wording import fill, one_line
from ebok.ports import MessageKind


@dataclass(frozen=True, kw_only=True)
class Texts:
    """The words of one kind in one language, with places for values or with the values filled in."""

    subject: str
    body: str
    sms: str = ""
    action: str = ""

    def filled(self, values: Mapping[str, str]) -> Texts:
        """With these values. Raises `wording.MissingValue`."""
        return Texts(
            subject=one_line(fill(self.subject, values)),
            body=fill(self.body, values),
            sms=one_line(fill(self.sms, values)),
            action=one_line(fill(self.action, values)),
        )


def declared_texts(kind: MessageKind, language: str) -> Texts:
    """The words the kind was declared with."""
    with translation.override(language):
        return Texts(
            subject=str(kind.subject), body=str(kind.body), sms=str(kind.sms), action=str(kind.action)
        )


def texts_of(kind: MessageKind, language: str, site: Site) -> Texts:
    """The words used now on the site."""
    return declared_texts(kind, language)
