"""Names of files as people gave them, made harmless."""

from __future__ import annotations

import pytest

from ebok.files import names


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Taryfa: woda i ścieki.pdf", "taryfa-woda-i-scieki.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ('a"; filename=evil.exe', "a-filename-evil.exe.pdf"),
        ("\r\nX: y", "x-y.pdf"),
        ("💧", "dokument.pdf"),
        ("", "dokument.pdf"),
    ],
)
def test_file_names_are_safe_in_a_header(name: str, expected: str) -> None:
    assert names.safe_file_name(name, "pdf") == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("C:\\dom\\plan.pdf", "plan.pdf"),
        ("a\x00\u202eb.pdf", "ab.pdf"),
        ("  ", "plik"),
        ("x" * 300, "x" * 120),
    ],
)
def test_shown_names_have_no_path_and_no_tricks(name: str, expected: str) -> None:
    assert names.shown_name(name) == expected
