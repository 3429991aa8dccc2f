"""Taking deliveries in: copied while hashed, archives unpacked under limits, manifests held to their word."""

# ruff: noqa: E501 (sentences as people read them)

from __future__ import annotations

import hashlib
import json
import os
import stat
import struct
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation

from ebok.exchange.profiles.model import Profile
from ebok.exchange.sources import SourceRefused, Stated, open_source, receive, receiving, zip_archives
from tests.ebok.exchange.source_files import DATASETS, HEADER, NEUTRAL, deliver, opened, table, zipped

THINGS = HEADER + "A1;x;1.50;2026-11-22\n"
PEOPLE = "code;surname\n1;Nowak\n"


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


def refusal(paths: list[Path], folder: Path) -> str:
    with pytest.raises(SourceRefused) as refused:
        receive(paths, folder)
    # Nothing of a refused delivery stays.
    assert list(folder.iterdir()) == []
    return refused.value.sentence


def test_a_single_file_has_the_sum_of_its_bytes(tmp_path: Path) -> None:
    received = receive(deliver(tmp_path / "in", {"things.csv": THINGS}), tmp_path / "kept")
    assert received.name == "things.csv"
    assert received.sha256 == hashlib.sha256(THINGS.encode()).hexdigest()
    assert received.size == len(THINGS)
    assert (tmp_path / "kept" / "things.csv").read_text() == THINGS


def test_files_a_folder_and_an_archive_are_the_same_delivery(tmp_path: Path) -> None:
    files = {"things.csv": THINGS, "people.csv": PEOPLE}
    paths = deliver(tmp_path / "in", files)
    ways = [
        receive(paths, tmp_path / "1"),
        receive(paths[::-1], tmp_path / "2"),
        receive([tmp_path / "in"], tmp_path / "3"),
        receive(
            [zipped(tmp_path / "all.zip", {f"export/{name}": text for name, text in files.items()})],
            tmp_path / "4",
        ),
    ]
    assert len({way.sha256 for way in ways}) == 1
    assert [way.name for way in ways] == ["things.csv (+1)", "people.csv (+1)", "in", "all.zip"]
    assert sorted(path.name for path in (tmp_path / "4").iterdir()) == ["people.csv", "things.csv"]


def test_other_content_is_another_delivery(tmp_path: Path) -> None:
    one = receive(deliver(tmp_path / "in", {"things.csv": THINGS, "people.csv": PEOPLE}), tmp_path / "1")
    two = receive(
        deliver(tmp_path / "in", {"things.csv": THINGS + "A2;;;\n", "people.csv": PEOPLE}), tmp_path / "2"
    )
    assert one.sha256 != two.sha256


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("things.csv.part", "things.csv.part is still being written; send it again when it is finished."),
        ("things.crdownload", "things.crdownload is still being written; send it again when it is finished."),
        ("things.xls", "things.xls is an Excel file of the old kind; save it as XLSX or CSV."),
        ("things.xlsm", "things.xlsm may hold macros, which are not accepted; save it as XLSX or CSV."),
        (
            "things.pdf",
            "things.pdf is of a kind that cannot be read; expected are CSV, XLSX, JSON Lines or a ZIP of these.",
        ),
    ],
)
def test_kinds_of_files_that_are_refused(tmp_path: Path, name: str, sentence: str) -> None:
    assert refusal(deliver(tmp_path / "in", {name: "x"}), tmp_path / "kept") == sentence


def test_nothing_is_not_a_delivery(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    assert refusal([tmp_path / "in"], tmp_path / "kept") == "Nothing was delivered: there is no file to read."
    assert refusal([tmp_path / "no.csv"], tmp_path / "kept") == "no.csv does not exist or is no file."
    manifest = deliver(tmp_path / "in", {"manifest.json": "{}"})
    assert refusal(manifest, tmp_path / "kept") == "Nothing was delivered: there is no file to read."


def test_a_file_that_grows_while_it_is_copied_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (path,) = deliver(tmp_path / "in", {"things.csv": THINGS})
    fsync = os.fsync

    def written_meanwhile(descriptor: int) -> None:
        with path.open("a") as file:
            file.write("A2;;;\n")
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", written_meanwhile)
    assert (
        refusal([path], tmp_path / "kept")
        == "things.csv is still being written; send it again when it is finished."
    )


def test_a_full_disk_is_said_before_it_is_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paths = deliver(tmp_path / "in", {"things.csv": THINGS})
    monkeypatch.setattr(receiving, "FREE_SPACE", 1 << 60)
    assert refusal(paths, tmp_path / "kept") == "There is not enough room on the disk to keep the delivery."


# Archives -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ({"../things.csv": THINGS}, "The archive all.zip wants to write outside its folder."),
        ({"/etc/things.csv": THINGS}, "The archive all.zip wants to write outside its folder."),
        ({"C:\\things.csv": THINGS}, "The archive all.zip wants to write outside its folder."),
        ({"a/..\\..\\things.csv": THINGS}, "The archive all.zip wants to write outside its folder."),
        ({"more.zip": THINGS}, "The archive all.zip holds another archive: more.zip."),
        ({"a/things.csv": THINGS, "b/things.csv": THINGS}, "things.csv stands twice in the archive all.zip."),
        ({}, "Nothing was delivered: there is no file to read."),
        ({"__MACOSX/._things.csv": "x"}, "Nothing was delivered: there is no file to read."),
        (
            {f"{number}.csv": "x" for number in range(201)},
            "The archive all.zip holds more than 200 files, which cannot be meant.",
        ),
        (
            {"things.csv": b"0" * (20 << 20)},
            "The archive all.zip grows beyond all measure when it is unpacked.",
        ),
        (
            {"virus.exe": "x"},
            "virus.exe is of a kind that cannot be read; expected are CSV, XLSX, JSON Lines or a ZIP of these.",
        ),
    ],
)
def test_archives_that_are_refused(tmp_path: Path, files: dict[str, str | bytes], sentence: str) -> None:
    assert refusal([zipped(tmp_path / "all.zip", files)], tmp_path / "kept") == sentence


def test_an_archive_with_a_password_is_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path / "all.zip", {"things.csv": THINGS})
    content = bytearray(path.read_bytes())
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        flags = content.index(mark) + place
        content[flags : flags + 2] = struct.pack("<H", 1)
    path.write_bytes(content)
    assert (
        refusal([path], tmp_path / "kept")
        == "The archive all.zip is protected by a password; send it without one."
    )


def test_a_link_in_an_archive_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "all.zip"
    entry = zipfile.ZipInfo("things.csv")
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(entry, "/etc/passwd")
    assert refusal([path], tmp_path / "kept") == "The archive all.zip holds a link, which is no table."


@pytest.mark.parametrize("left", [10, 100, -30])
def test_an_archive_that_was_cut_off_is_refused(tmp_path: Path, left: int) -> None:
    path = zipped(tmp_path / "all.zip", {"things.csv": THINGS})
    path.write_bytes(path.read_bytes()[:left])
    assert (
        refusal([path], tmp_path / "kept")
        == "The archive all.zip is damaged or cut off and cannot be unpacked."
    )


def test_a_lying_archive_is_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zip_archives, "UNSUSPICIOUS", 100)
    path = zipped(tmp_path / "all.zip", {"things.csv": b"0" * 100_000})
    assert (
        refusal([path], tmp_path / "kept")
        == "The archive all.zip grows beyond all measure when it is unpacked."
    )


# Manifest -------------------------------------------------------------------------------


def manifest(**changes: Any) -> str:
    content = {
        "as_of": "2026-11-22T06:00:00+01:00",
        "complete": False,
        "files": {
            "things.csv": {
                "rows": 1,
                "sha256": hashlib.sha256(THINGS.encode()).hexdigest(),
                "totals": {"amount": "1.50"},
            }
        },
    }
    return json.dumps({**content, **changes})


def test_what_the_manifest_states(tmp_path: Path) -> None:
    source = opened(tmp_path, {"things.csv": THINGS, "manifest.json": manifest()})
    assert source.as_of == datetime(2026, 11, 22, 5, tzinfo=UTC)
    assert source.complete is False
    assert source.stated == {"things": Stated(1, {"amount": Decimal("1.50")})}


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (
            {"files": {"people.csv": {}}},
            "The manifest names people.csv, but the delivery does not hold it.",
        ),
        (
            {"files": {"../people.csv": {}}},
            "The manifest names ../people.csv, but the delivery does not hold it.",
        ),
        (
            {"files": {"things.csv": {"sha256": "0" * 64}}},
            "things.csv is not the file the manifest describes: its SHA-256 differs. It may be cut off.",
        ),
        (
            {"as_of": "jutro"},
            "The manifest cannot be understood: “as_of” must be a moment such as 2026-11-22T06:00:00+01:00.",
        ),
        ({"complete": "yes"}, "The manifest cannot be understood: “complete” must be true or false."),
        ({"files": []}, "The manifest cannot be understood: “files” must be an object of objects."),
        (
            {"files": {"things.csv": {"rows": "many"}}},
            "The manifest cannot be understood: “rows” of things.csv must be a number.",
        ),
        (
            {"files": {"things.csv": {"totals": {"amount": "NaN"}}}},
            "The manifest cannot be understood: a total of things.csv is not a number.",
        ),
    ],
)
def test_manifests_that_are_refused(tmp_path: Path, changes: dict[str, Any], sentence: str) -> None:
    with pytest.raises(SourceRefused) as refused:
        opened(tmp_path, {"things.csv": THINGS, "manifest.json": manifest(**changes)})
    assert refused.value.sentence == sentence


def test_a_manifest_must_be_json(tmp_path: Path) -> None:
    with pytest.raises(SourceRefused) as refused:
        opened(tmp_path, {"things.csv": THINGS, "manifest.json": "no"})
    assert refused.value.sentence == "The manifest cannot be understood: it is not JSON."


def test_parts_come_in_the_order_of_applying_whatever_the_files_are_called(tmp_path: Path) -> None:
    files = {
        "a people.csv": PEOPLE,
        "z.jsonl": '{"code": "A2", "amount": 1.25, "made_on": null}\n',
        "things.csv": THINGS,
    }
    source = opened(tmp_path, files)
    assert [(part.dataset.key, part.member) for part in source.parts()] == [
        ("things", "things.csv"),
        ("things", "z.jsonl"),
        ("people", "a people.csv"),
    ]


def test_the_day_may_stand_in_the_names_of_files(tmp_path: Path) -> None:
    import re

    pattern = re.compile(r"_(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)")
    source = opened(tmp_path, {"things_20261122.csv": THINGS}, Profile(name="p", as_of=pattern))
    assert source.as_of == datetime(2026, 11, 21, 23, tzinfo=UTC)


# JSON Lines -----------------------------------------------------------------------------


def test_json_lines(tmp_path: Path) -> None:
    text = (
        '{"code": "A1", "name": "Łąka", "amount": 1234567890.10, "made_on": "2026-11-22"}\n'
        '{"code": 7, "amount": 0.1, "extra": true}\n'
        "\n"
        "[1]\n"
        '{"code": {"a": 1}}\n'
        '{"code": NaN}\n'
        '{"code": "A2"}'
    )
    (part,) = opened(tmp_path, {"things.jsonl": text}).parts()
    assert [number for number, _cells in part.rows()] == [1, 2, 4, 5, 6, 7]
    assert [cells for _number, cells in table(part)] == [
        ["A1", "Łąka", "1234567890.10", "2026-11-22"],
        ["7", None, "0.1", None],
        ["!", "The line is not a JSON object."],
        ["!", "A value is neither a text nor a number nor true, false or null."],
        ["!", "The line is not a JSON object."],
        ["A2", None, None, None],
    ]


def test_a_first_line_may_tell_the_headers(tmp_path: Path) -> None:
    text = '{"": ["code", "name"]}\n{"code": "A1"}\n'
    (part,) = opened(tmp_path, {"things.jsonl": text}).parts()
    assert table(part) == [(2, ["A1", None, None, None])]
    (part,) = opened(tmp_path / "empty", {"things.jsonl": '{"": ["code", "name"]}\n'}).parts()
    assert table(part) == []


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "things.jsonl is empty: not even a header is in it."),
        ("nothing\n", "things.jsonl: The line is not a JSON object."),
        ("ą".encode("cp1250").decode("latin-1"), "things.jsonl: The line is not a JSON object."),
        ('{"code": "A1"}\n{"code": "A', "things.jsonl seems to be cut off: line 2 is not a whole object."),
    ],
)
def test_json_lines_that_are_refused(tmp_path: Path, text: str, sentence: str) -> None:
    if text == "¹":
        sentence = "things.jsonl seems to be cut off: line 1 is not a whole object."
    with pytest.raises(SourceRefused) as refused:
        [table(part) for part in opened(tmp_path, {"things.jsonl": text}).parts()]
    assert refused.value.sentence == sentence


def test_what_was_kept_can_be_opened_again(tmp_path: Path) -> None:
    opened(tmp_path, {"things.csv": THINGS})
    again = open_source(tmp_path / "kept", NEUTRAL, datasets=DATASETS)
    assert [table(part) for part in again.parts()] == [[(2, ["A1", "x", "1.50", "2026-11-22"])]]
