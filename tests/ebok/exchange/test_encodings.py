"""Encodings are found out from Polish text alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ebok.exchange.encodings import Encoding, find_encoding

SENTENCES = [
    "Zażółć gęślą jaźń; ŻÓŁW ŚPI, ŹREBIĘ TĄPIE\r\n",
    "Kod;Nazwa;Ulica\r\n1;Wspólnota „Nad Strugą”;ul. Świętokrzyska 5\r\n",
    "Mieczysław Wąsik;ul. Źródlana\n",
    "Kraśnicka – Łódź\n",
]


@pytest.mark.parametrize("text", SENTENCES)
@pytest.mark.parametrize(
    ("codec", "found", "title"),
    [
        ("utf-8", "utf-8", "UTF-8"),
        ("utf-8-sig", "utf-8", "UTF-8"),
        ("cp1250", "cp1250", "CP1250"),
        ("iso8859-2", "iso8859-2", "ISO-8859-2"),
        ("utf-16", "utf-16-le", "UTF-16"),
        ("utf-16-le", "utf-16-le", "UTF-16"),
        ("utf-16-be", "utf-16-be", "UTF-16"),
    ],
)
def test_it_is_found_out(tmp_path: Path, text: str, codec: str, found: str, title: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(text.encode(codec, "ignore"))
    encoding = find_encoding(path)
    assert (encoding.name, encoding.title) == (found, title)
    read = path.read_bytes()[encoding.mark :].decode(encoding.name)
    assert read == text.encode(codec, "ignore").decode(codec)


@settings(max_examples=100, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(
    text=st.text("aekłżćęńó ;,0\n", max_size=300),
    letter=st.sampled_from("ąśźĄŚŹ"),
    codec=st.sampled_from(["cp1250", "iso8859-2"]),
)
def test_one_telling_letter_is_enough(tmp_path: Path, text: str, letter: str, codec: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(f"{text} {letter} ".encode(codec))
    assert find_encoding(path).name == codec


def test_letters_both_share_read_the_same_either_way(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("żółć".encode("iso8859-2"))
    assert find_encoding(path) == Encoding("cp1250")
    assert path.read_bytes().decode("cp1250") == "żółć"


def test_a_letter_cut_by_the_edge_of_a_block_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"x" * ((1 << 20) - 1) + "ł".encode() + b"x" * 10)
    assert find_encoding(path) == Encoding("utf-8")


@pytest.mark.parametrize("place", [100, (1 << 20) - 1, (1 << 20) + 5])
def test_utf8_with_a_broken_byte_is_not_taken_for_cp1250(tmp_path: Path, place: int) -> None:
    whole = ("Wąż źle śpi\n" * 100_000).encode()
    while whole[place - 1] >= 0x80 or whole[place] >= 0x80:
        place += 1
    path = tmp_path / "a.csv"
    path.write_bytes(whole[:place] + b"\xff" + whole[place:])
    assert find_encoding(path) == Encoding("utf-8", broken_at=place)


def test_utf8_cut_in_the_middle_of_a_letter_is_broken_at_its_end(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("Łódź, ąęś".encode()[:-1])
    assert find_encoding(path) == Encoding("utf-8", broken_at=len("Łódź, ąę".encode()))


def test_what_the_profile_says_wins(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("ąść".encode("cp852"))
    assert find_encoding(path, declared="cp852") == Encoding("cp852")
    path.write_bytes("ąść".encode("cp1250"))
    assert find_encoding(path, declared="utf-8") == Encoding("utf-8", broken_at=0)
