"""Letters about accounts as kinds of messages, so that an administrator can change their words."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils import translation
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from ebok.accounts.letters import LETTERS, NEW_PASSWORD, OWN_LETTERS, SAME, Letter, kind_of
from ebok.ports import MessageGroup, MessageKind, Placeholder
from ebok.ports.message_kinds import EMAIL, letter_text

VALUES = (
    Placeholder(name="email", description=_("the person's address"), sample="anna@example.org"),
    Placeholder(name="from_email", description=_("the address before"), sample="anna@example.org"),
    Placeholder(name="to_email", description=_("the address now"), sample="anna.nowak@example.org"),
    Placeholder(name="deleted_email", description=_("the removed address"), sample="anna@example.org"),
    Placeholder(name="code", description=_("the code"), sample="483 201"),
)
MOMENT = (
    Placeholder(name="when", description=_("when it was"), sample="14.06.2026, 12:30"),
    Placeholder(name="ip", description=_("from which address on the internet"), sample="192.0.2.7"),
    Placeholder(name="browser", description=_("with which browser"), sample="Firefox 140"),
)
CHANGED = format_lazy(
    "{}: {{when}}\n{}: {{ip}}\n{}: {{browser}}", _("When"), _("From the address"), _("Browser")
)
MEND = _("If it was not you, set a new password at once and call us.")


def _kinds() -> Iterator[MessageKind]:
    for name, letter in (LETTERS | OWN_LETTERS).items():
        if name.rpartition("/")[2] not in SAME:
            yield _kind(name, letter)


def _kind(name: str, letter: Letter) -> MessageKind:
    more = (CHANGED, MEND) if letter.notice else ()
    text = letter_text(*letter.sentences, *more, *([letter.closing] if letter.closing else []))
    return MessageKind(
        key=kind_of(name),
        title=letter.title or letter.subject,
        group=MessageGroup.ACCOUNT,
        subject=letter.subject,
        body=text,
        action=NEW_PASSWORD if letter.notice else letter.action,
        channels=(EMAIL,),
        default_channels=(EMAIL,),
        values=(*_named(letter), *(MOMENT if letter.notice else ())),
        is_duty=True,
        transactional=True,
        is_secret=bool(letter.address) or "%(code)s" in letter.sentences,
    )


def _named(letter: Letter) -> Iterator[Placeholder]:
    """The values of its sentences, and the address, which each letter has."""
    with translation.override(None):
        said = " ".join(str(sentence) for sentence in letter.sentences)
    return (value for value in VALUES if value.name == "email" or f"%({value.name})s" in said)


message_kinds = list(_kinds())
