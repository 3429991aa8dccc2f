"""Failed sign-ins judged: who tries too often. Pure decisions, no database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Limits:
    """From how many on a group is suspicious."""

    tries_an_hour: int
    others: int


_ADDRESS = Limits(tries_an_hour=20, others=5)
"""A few people behind one router mistype less, and one address that tries many names is guessing."""
_ACCOUNT = Limits(tries_an_hour=10, others=5)
"""Nobody mistypes so often, and a name tried from many places is attacked by many machines."""


@dataclass(frozen=True)
class Try:
    """One failed sign-in. `login` is a fingerprint: equal for equal names, and no name itself."""

    moment: datetime
    address: str
    login: str
    shown: str


@dataclass(frozen=True)
class Group:
    """Failed tries that belong together: from one address, or with one name."""

    key: str
    shown: str
    tries: int
    others: int
    """Different names from this address, or different addresses for this name."""
    most_an_hour: int
    last: datetime
    too_many: bool
    """More tries within an hour than people mistype."""
    too_many_others: bool

    @property
    def suspicious(self) -> bool:
        """Whether somebody should look."""
        return self.too_many or self.too_many_others


def by_address(tries: Iterable[Try]) -> list[Group]:
    """Groups of one address each, the suspicious first, then the largest."""
    groups: defaultdict[str, list[Try]] = defaultdict(list)
    for one in tries:
        groups[one.address].append(one)
    return _sorted(
        _group(address, address, members, {one.login for one in members}, _ADDRESS)
        for address, members in groups.items()
    )


def by_account(tries: Iterable[Try]) -> list[Group]:
    """Groups of one typed name each, the suspicious first, then the largest."""
    groups: defaultdict[str, list[Try]] = defaultdict(list)
    for one in tries:
        groups[one.login].append(one)
    return _sorted(
        _group(login, members[0].shown, members, {one.address for one in members}, _ACCOUNT)
        for login, members in groups.items()
    )


def most_within(moments: Sequence[datetime], span: timedelta) -> int:
    """The largest number of these moments (in order) that lie within one span."""
    most, begin = 0, 0
    for end, moment in enumerate(moments):
        while moment - moments[begin] >= span:
            begin += 1
        most = max(most, end - begin + 1)
    return most


def _group(key: str, shown: str, members: list[Try], others: set[str], limits: Limits) -> Group:
    moments = sorted(one.moment for one in members)
    peak = most_within(moments, HOUR)
    return Group(
        key,
        shown,
        tries=len(members),
        others=len(others),
        most_an_hour=peak,
        last=moments[-1],
        too_many=peak >= limits.tries_an_hour,
        too_many_others=len(others) >= limits.others,
    )


def _sorted(groups: Iterable[Group]) -> list[Group]:
    return sorted(groups, key=lambda group: (not group.suspicious, -group.tries, group.key))
