"""The check of translations: one message, one Polish text."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import polib
import pytest

TOOLS = Path(__file__).resolve().parents[2] / ".ci"


@pytest.fixture
def messages(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The tool, which is no part of any package."""
    monkeypatch.syspath_prepend(str(TOOLS))
    return importlib.import_module("messages")


def catalogue(path: Path, *entries: polib.POEntry) -> Path:
    """A catalogue with these messages."""
    file = polib.POFile()
    file.extend(entries)
    file.save(str(path))
    return path


def test_two_translations_of_one_message_are_named(messages: Any, tmp_path: Path) -> None:
    """With both texts and where they are."""
    first = catalogue(tmp_path / "a.po", polib.POEntry(msgid="Answer", msgstr="Odpowiedź"))
    second = catalogue(tmp_path / "b.po", polib.POEntry(msgid="Answer", msgstr="Odpowiedz"))
    (sentence,) = messages.collisions([first, second])
    assert sentence == (
        f"“Answer” has different translations: “Odpowiedź” ({first}), “Odpowiedz” ({second})."
        " Django shows only one of them everywhere: use one text, or give one message a context."
    )


def test_what_django_keeps_apart_is_no_collision(messages: Any, tmp_path: Path) -> None:
    """Another context, a form for fractions, a message nobody uses, the same text twice."""
    forms = {0: "dzień", 1: "dni", 2: "dni"}
    first = catalogue(
        tmp_path / "a.po",
        polib.POEntry(msgid="Open", msgstr="Otwórz"),
        polib.POEntry(msgid="day", msgid_plural="days", msgstr_plural=forms),
        polib.POEntry(msgid="All", msgstr="Wszystkie"),
        polib.POEntry(msgid="Old", msgstr="Stare"),
    )
    second = catalogue(
        tmp_path / "b.po",
        polib.POEntry(msgid="Open", msgctxt="office", msgstr="Otwarte"),
        polib.POEntry(msgid="day", msgid_plural="days", msgstr_plural={**forms, 3: "dnia"}),
        polib.POEntry(msgid="All", msgstr="Wszystkie"),
        polib.POEntry(msgid="Old", msgstr="Dawne", obsolete=True),
    )
    assert messages.collisions([first, second]) == []
