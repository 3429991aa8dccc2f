"""Judges links, events and details while the chain is verified: each answer is a reason, or nothing."""

from __future__ import annotations

import hmac
from collections.abc import Iterable

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from ebok.journal import removals
from ebok.journal.digests import detail_digest, event_seal, link_hash
from ebok.journal.models import Detail, Event, Link
from ebok.journal.verdicts import Broken, Head


class Verification:
    """One run over the chain; remembers what it has seen of it."""

    def __init__(self, expected: Iterable[Head], using: str) -> None:
        self._using = using
        self._noted: dict[int, set[str]] = {}
        for noted in expected:
            self._noted.setdefault(noted.seq, set()).add(noted.hash)
        self._anchored: dict[removals.Anchor, removals.LinksDigest] = {}
        self.erased = 0
        """Links whose event has no detail any more."""
        self._at_start = self._excused = removals.excused(using=using)

    def fault(self, link: Link, last: Head, events: list[Event], details: list[Detail]) -> str:
        """What is wrong with the link, its event or its detail; empty when they hold."""
        return (
            _fault_of_place(link, last)
            or self._fault_of_noted(link)
            or self._fault_of_anchor(link)
            or self._fault_of_content(link, events, details)
        )

    def fault_of_waiting(self, event: Event, details: list[Detail]) -> str:
        """What is wrong with an event that has no link yet."""
        if not hmac.compare_digest(event.seal, event_seal(event)):
            return _("the event was not written by the portal")
        return self._fault_of_detail(event, details)

    def rest(self, last: Head) -> Broken | None:
        """What can only be said at the end."""
        if self._at_start.forged:
            return Broken(last.seq + 1, None, _("a statement of a removal was changed or forged"))
        if any(seq > last.seq for seq in self._noted):
            return Broken(last.seq + 1, None, _("the end of the chain is missing"))
        anchors = set(self._at_start.anchors) - set(self._anchored)
        if anchors:
            first = min(anchor.first for anchor in anchors)
            return Broken(first, None, _("the links of a month that was dropped are missing"))
        event = Event.objects.using(self._using).filter(id=OuterRef("event_id"), moment=OuterRef("moment"))
        stray = Detail.objects.using(self._using).filter(~Exists(event)).first()
        if stray:
            return Broken(last.seq + 1, stray.event_id, _("a detail belongs to no event"))
        return None

    def _fault_of_noted(self, link: Link) -> str:
        if self._noted.get(link.seq, {link.hash}) != {link.hash}:
            return _("the chain was rewritten: its hash differs from the one noted")
        return ""

    def _fault_of_anchor(self, link: Link) -> str:
        # A month that is dropped meanwhile is not judged by the half of its links that is left.
        anchor = self._at_start.anchor_of(link)
        if anchor is None:
            return ""
        seen = self._anchored.setdefault(anchor, removals.LinksDigest())
        seen.add(link)
        if link.seq == anchor.last and (seen.links, seen.hexdigest()) != (anchor.links, anchor.digest):
            return _("the links of its month differ from the anchor written when the month was dropped")
        return ""

    def _fault_of_content(self, link: Link, events: list[Event], details: list[Detail]) -> str:
        if not events:
            if self._excused.anchor_of(link) or self._anew().anchor_of(link):
                return ""
            return _("its event is missing")
        if len(events) > 1:
            return _("its event is there twice")
        if not hmac.compare_digest(link.hash, link_hash(link.seq, link.previous_hash, events[0])):
            return _("its event or its hash was changed")
        return self._fault_of_detail(events[0], details)

    def _fault_of_detail(self, event: Event, details: list[Detail]) -> str:
        if not details:
            self.erased += 1
            if self._excused.lacks_detail(event) or self._anew().lacks_detail(event):
                return ""
            return _("its detail is missing, and nobody stated that it was erased")
        if len(details) > 1:
            return _("its detail is there twice")
        if details[0].moment != event.moment or detail_digest(details[0]) != event.digest:
            return _("its detail was changed")
        return ""

    def _anew(self) -> removals.Excused:
        """The statements once more: something may have been removed rightly since the run began."""
        self._excused = removals.excused(using=self._using)
        return self._excused


def _fault_of_place(link: Link, last: Head) -> str:
    if link.seq != last.seq + 1:
        return _("link %(seq)s is missing before it") % {"seq": last.seq + 1}
    if link.previous_hash != last.hash:
        return _("it does not continue the link before it")
    return ""
