"""Atom feeds (RFC 4287): all notices of a site, one notice step by step, and the index of CAP messages."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language, gettext
from django.utils.xmlutils import SimplerXMLGenerator

from snippets.outages import presentation
from snippets.outages.feeds.issued import messages
from snippets.outages.feeds.links import Links, xml_text
from snippets.outages.models import Message, Outage
from snippets.outages.rules import State

BEGINNING = datetime(2026, 1, 1, tzinfo=timezone.get_default_timezone())
"""What an empty feed says it was updated at, so that its bytes do not change by themselves."""
MOST_MESSAGES = 500
"""Messages the index of alerts names at most."""


class _Feed(Atom1Feed):
    """Django's writer with two changes: a steady `updated`, and a typed link to the CAP message."""

    def latest_post_date(self) -> datetime:
        """The newest change of an entry."""
        return max((item["updateddate"] for item in self.items if item["updateddate"]), default=BEGINNING)

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        """Write an entry and its CAP link."""
        super().add_item_elements(handler, item)
        if item.get("cap_link"):
            handler.addQuickElement(
                "link",
                "",
                {"rel": "alternate", "type": "application/cap+xml", "href": item["cap_link"]},
            )


def changed_at(outage: Outage) -> datetime:
    """When the notice last changed for the public."""
    return outage.withdrawn_at or outage.last_published_at or outage.starts_at


def all_notices(outages: Iterable[Outage], links: Links, now: datetime) -> str:
    """One entry for each notice; its id never changes."""
    feed = _new_feed(gettext("Outages and works"), links, "atom.xml", links.tag("all"))
    for outage in outages:
        _add(feed, outage, links, now)
    return _written(feed)


def cap_index(outages: Iterable[Outage], links: Links, now: datetime) -> str:
    """Every CAP message about the notices, newest first, for programs that collect alerts.

    Each entry leads to the message's own address, so that what a message refers to can be found.
    The notices come with their `publications`.
    """
    feed = _new_feed(gettext("Outages and works (CAP)"), links, "cap.xml", links.tag("cap"))
    told = [
        (outage, issued) for outage in outages for issued in messages(outage, outage.publications.all(), now)
    ]
    for outage, issued in sorted(told, key=lambda entry: entry[1].sent, reverse=True)[:MOST_MESSAGES]:
        texts = issued.facts["texts"]
        said = texts.get(get_language() or "", texts[settings.LANGUAGE_CODE])
        prefix = f"{presentation.state_title(issued.state)}: " if issued.kind == Message.CANCEL else ""
        feed.add_item(
            title=xml_text(prefix + said["headline"]),
            link=links.page(outage.uid),
            description=xml_text(f"{said['event']}. {said['description']}"),
            unique_id=links.tag(outage.uid, f":cap:{issued.number}"),
            pubdate=issued.sent,
            updateddate=issued.sent,
            categories=[str(issued.kind)],
            cap_link=links.cap(outage.uid, issued.number),
        )
    return _written(feed)


def one_notice(outage: Outage, links: Links, now: datetime) -> str:
    """What happened to one notice: an entry for each step of its timeline and one for the notice."""
    feed = _new_feed(
        presentation.headline(outage), links, f"{outage.uid}/atom.xml", links.tag(outage.uid, ":feed")
    )
    updates = sorted(outage.updates.all(), key=lambda update: update.moment, reverse=True)
    for update in updates:
        text = presentation.in_language(update, "text").text
        feed.add_item(
            title=xml_text(update.get_status_display()),
            link=links.page(outage.uid),
            description=xml_text(text or update.get_status_display()),
            # Steps are told apart by their moment: their row ids may change with a revision.
            unique_id=links.tag(
                outage.uid, f":{update.moment.astimezone(timezone.get_default_timezone()):%Y%m%dT%H%M%S}"
            ),
            pubdate=update.moment,
            updateddate=update.moment,
        )
    _add(feed, outage, links, now)
    return _written(feed)


def _new_feed(title: str, links: Links, name: str, guid: str) -> _Feed:
    return _Feed(
        title=xml_text(title),
        link=links.index,
        description="",
        language=get_language() or "pl",
        author_name=xml_text(links.organisation or links.host),
        feed_url=f"{links.index}{name}",
        feed_guid=guid,
    )


def _add(feed: _Feed, outage: Outage, links: Links, now: datetime) -> None:
    state = outage.state(now)
    end = outage.ended_at or outage.current_end
    sentences = [
        presentation.kind_title(outage.kind) + ".",
        presentation.span_words(outage.starts_at, end, now) + ".",
        presentation.in_language(outage, "cause").text,
        presentation.in_language(outage, "advice").text,
    ]
    prefix = f"{presentation.tag_of(outage, now).label}: " if state in {State.WITHDRAWN, State.ENDED} else ""
    feed.add_item(
        title=xml_text(prefix + presentation.headline(outage)),
        link=links.page(outage.uid),
        description=xml_text(" ".join(part for part in sentences if part)),
        unique_id=links.tag(outage.uid),
        pubdate=outage.first_published_at or outage.starts_at,
        updateddate=changed_at(outage),
        categories=[outage.kind],
    )


def _written(feed: _Feed) -> str:
    text: str = feed.writeString("utf-8")
    return text
