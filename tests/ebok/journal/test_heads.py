"""The head of the chain, noted outside the database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection

from ebok.journal import chain, heads, tasks
from ebok.journal.services import record
from ebok.journal.status import noted_head
from ebok.ports import StatusLight
from tests.ebok.journal.test_guards import drop_guards

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 5, 14, 12, 0, tzinfo=UTC)


def day(number: int) -> None:
    """A day on which something happens and the head is noted."""
    with time_machine.travel(NOON + timedelta(days=number), tick=False):
        record("journal.item_changed", text=f"dzień {number}")
        chain.write_pending(everywhere=True)
        tasks.note_head()


def verify(*arguments: str) -> int:
    try:
        call_command("journal_verify", *arguments)
    except SystemExit as ended:
        return int(str(ended.code))
    return 0


def test_lines_are_added_and_read_back() -> None:
    day(0)
    first = heads.last()
    day(1)
    noted = list(heads.read(heads.path()))
    assert [one.head.seq for one in noted] == [1, 2]
    assert noted[0] == first
    assert noted[1].head == chain.head()
    assert str(noted[0]) == f"2026-05-14T12:00:00+00:00 1 {noted[0].head.hash}"
    assert heads.path().stat().st_mode & 0o777 == 0o640


def test_an_end_cut_off_is_found_by_what_was_noted(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    for number in range(3):
        day(number)
    assert verify() == 0
    assert "noted heads compared: 3" in capsys.readouterr().out
    elsewhere = tmp_path / "heads.txt"
    heads.path().rename(elsewhere)
    with connection.cursor() as cursor:
        drop_guards()
        for table, key in (
            ("journal_event", "id"),
            ("journal_detail", "event_id"),
        ):
            cursor.execute(
                f"DELETE FROM {table} WHERE {key} = (SELECT event_id FROM journal_chain WHERE seq = 3)"
            )
        cursor.execute("DELETE FROM journal_chain WHERE seq = 3")
    from ebok.journal import guards

    guards.install()
    # Nothing inside the database tells.
    assert verify() == 0
    assert verify("--heads", str(elsewhere)) == 1
    assert "broken at link 3 (event none): brakuje końca łańcucha" in capsys.readouterr().out


def test_an_empty_journal_and_a_missing_file_are_no_fault() -> None:
    assert verify() == 0
    tasks.note_head()
    assert verify() == 0
    assert verify("--without-heads") == 0


@pytest.mark.parametrize(
    "line", ["nonsense", "2026-05-14T12:00:00 1 " + "0" * 64, "2026-05-14T12:00:00+00:00 1 ab"]
)
def test_a_line_that_is_no_head_is_said(line: str) -> None:
    day(0)
    with heads.path().open("a") as file:
        file.write(line + "\n")
    with pytest.raises(CommandError, match="line 2 of .* is no head"):
        verify()
    assert heads.last() is not None


def test_a_file_that_is_not_there_is_said() -> None:
    with pytest.raises(CommandError, match="cannot be read"):
        verify("--heads", "/nowhere/heads.txt")


def test_the_status_board_tells_when_nothing_was_noted_for_two_days() -> None:
    with time_machine.travel(NOON, tick=False):
        record("journal.item_changed", text="x")
        assert noted_head(None).light is StatusLight.OK
    with time_machine.travel(NOON + timedelta(days=3), tick=False):
        assert noted_head(None).light is StatusLight.WARNING
        tasks.note_head()
        assert noted_head(None).light is StatusLight.OK
    with time_machine.travel(NOON + timedelta(days=6), tick=False):
        assert noted_head(None).light is StatusLight.WARNING
