"""Streets from CSV files."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from ebok.accounts.models import User
from ebok.journal.models import Event
from snippets.outages.models import Street
from snippets.outages.street_import import UnreadableFile, import_streets

OWN = "miejscowosc;rodzaj;ulica;sym;sym_ul\nLipowo;ul.;Łąkowa;0999999;90001\nLipowo;al.;Jana Pawła II;;\n"
ULIC = (
    "WOJ;POW;GMI;RODZ_GMI;SYM;SYM_UL;CECHA;NAZWA_1;NAZWA_2;STAN_NA\n"
    "30;09;01;1;0999999;17123;ul.;Popiełuszki;ks. Jerzego;2026-01-01\n"
)


def rows() -> list[str]:
    """The register as it reads."""
    return [str(street) for street in Street.objects.all()]


@pytest.mark.django_db
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1250"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_encodings_and_delimiters(encoding: str, delimiter: str) -> None:
    report = import_streets(OWN.replace(";", delimiter).encode(encoding))
    assert (report.added, report.rejected) == (2, 0)
    assert rows() == ["al. Jana Pawła II, Lipowo", "ul. Łąkowa, Lipowo"]


@pytest.mark.django_db
def test_teryt_ulic() -> None:
    import_streets(ULIC.encode(), locality="Lipowo")
    street = Street.objects.get()
    assert (str(street), street.sym, street.sym_ul) == (
        "ul. ks. Jerzego Popiełuszki, Lipowo",
        "0999999",
        "17123",
    )


@pytest.mark.django_db
def test_again_changes_nothing_and_a_new_id_is_taken_over() -> None:
    import_streets(OWN.encode())
    again = import_streets(OWN.encode())
    assert (again.added, again.changed, again.unchanged) == (0, 0, 2)
    newer = import_streets(OWN.replace("90001", "90002").encode())
    assert (newer.added, newer.changed, newer.unchanged) == (0, 1, 1)
    assert Street.objects.get(name="Łąkowa").sym_ul == "90002"


@pytest.mark.django_db
def test_wrong_rows_are_named_and_the_others_taken() -> None:
    report = import_streets(
        "ulica;sym;przebieg\nDobra;;52.1,18.1 52.2,18.2\n;1;\n…;;\nZła;abc;\nKrzywa;;tam\n".encode()
    )
    assert rows() == ["ul. Dobra"]
    assert [fault.row for fault in report.errors] == [3, 4, 5, 6]
    assert Street.objects.get().north == 52.2


@pytest.mark.django_db
@pytest.mark.parametrize(
    "content", [b"", b"a;b\n1;2\n", b"ulica\n\x00", b"\x81\x83\x90\x98", b"ulica\n" + b"x" * 140_000]
)
def test_a_file_that_makes_no_sense(content: bytes) -> None:
    with contextlib.suppress(UnreadableFile):
        assert import_streets(content).added == 0
    assert rows() == []


@pytest.mark.django_db
def test_thousands_of_streets_in_a_handful_of_statements(django_assert_max_num_queries: Any) -> None:
    text = "miejscowosc;ulica\n" + "".join(f"Lipowo;Ulica numer {number}\n" for number in range(3000))
    with django_assert_max_num_queries(50):
        report = import_streets(text.encode())
    assert report.added == 3000


@pytest.mark.django_db
def test_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "ulice.csv"
    file.write_bytes(b"ulica;sym\nDobra;\nZa;x\n")
    call_command("import_streets", file, locality="Lipowo")
    said = capsys.readouterr()
    assert said.out == "dodane: 1, zmienione: 0, bez zmian: 0, pominięte: 1\n"
    assert said.err == "ulice.csv:3: SYM może mieć najwyżej 7 cyfr.\n"
    with pytest.raises(CommandError):
        call_command("import_streets", tmp_path / "brak.csv")


@pytest.mark.django_db
def test_upload_in_the_admin(superuser: User, client: Client, tmp_path: Path) -> None:
    client.force_login(superuser)
    url = "/admin/ulice/import/"
    assert client.get(url).status_code == 200
    file = tmp_path / "ulice.csv"
    file.write_text(OWN + "Lipowo;ul.;;;\n", encoding="utf-8")
    with file.open("rb") as upload:
        response = client.post(url, {"file": upload, "locality": ""})
    assert "Wiersz 4: Brakuje nazwy ulicy." in response.text
    assert Street.objects.count() == 2
    assert Event.objects.filter(kind="snippets.streets_imported").count() == 1
    file.write_bytes(b"\x00\x01")
    with file.open("rb") as upload:
        response = client.post(url, {"file": upload, "locality": ""})
    assert (response.status_code, "To nie jest plik tekstowy" in response.text) == (200, True)


@pytest.mark.django_db
def test_upload_needs_the_permission(person_in: Any, client: Client) -> None:
    client.force_login(person_in("employee"))
    assert client.post("/admin/ulice/import/", {"locality": ""}).status_code in {302, 403}
    assert rows() == []
