"""Writes down the rows that were not simply taken over; all are counted, a sane number is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ebok.exchange.models import Decision, DeliveryPart, Finding, FindingKind
from ebok.exchange.staging import MEMBER_STEP

KEPT_FINDINGS = 100_000
"""Findings stored for one part; more than that nobody reads, and a wrong file could hold millions."""

_BATCH = 1000
_KEY_LENGTH = 255


@dataclass
class FindingBook:
    """Findings of one part, written in batches. `members` are the names of its files."""

    part: DeliveryPart
    members: tuple[str, ...] = ()
    kept: int = 0
    _waiting: list[Finding] = field(default_factory=list)

    @classmethod
    def emptied(cls, part: DeliveryPart, members: tuple[str, ...]) -> FindingBook:
        """A book without what an interrupted run wrote."""
        Finding.objects.filter(part=part).delete()
        return cls(part, members)

    @property
    def is_full(self) -> bool:
        """Whether further findings would not be kept."""
        return self.kept >= KEPT_FINDINGS

    def add(
        self,
        kind: FindingKind,
        number: int | None,
        *,
        reason: str,
        column: str = "",
        key: str = "",
        cells: Mapping[str, str | None] | None = None,
        ours: Mapping[str, str] | None = None,
        decision: str = Decision.OPEN,
        twin: bool = False,
    ) -> None:
        """Note one finding. `number` is the row's number in the stage."""
        if self.is_full:
            return
        self.kept += 1
        row_number, reason = self._placed(number, reason)
        self._waiting.append(
            Finding(
                part=self.part,
                kind=kind,
                row_number=row_number,
                column=column[:60],
                key=key[:_KEY_LENGTH],
                reason=reason,
                cells={name: text for name, text in (cells or {}).items() if text is not None},
                ours=dict(ours or {}),
                decision=decision,
                twin=twin,
            )
        )
        if len(self._waiting) >= _BATCH:
            self.flush()

    def flush(self) -> None:
        """Write what waits."""
        Finding.objects.bulk_create(self._waiting)
        self._waiting = []

    def _placed(self, number: int | None, reason: str) -> tuple[int | None, str]:
        """The row's number in its file, and the file's name where there are several."""
        if number is None:
            return None, reason
        member, row_number = divmod(number, MEMBER_STEP)
        return row_number, f"{self.members[member]}: {reason}" if len(self.members) > 1 else reason
