"""docs/exchange.md says what the code says, and its examples can be imported."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from ebok.exchange import exit_codes
from ebok.exchange.documentation import document, example_file, own_datasets
from ebok.exchange.profiles import load_profile
from ebok.exchange.profiles.toml_files import read_profile
from ebok.exchange.sources import open_source, receive
from ebok.exchange.validation import clean_row
from ebok.ports.datasets import Dataset
from tests.database import ROOT
from tests.ebok.exchange.source_files import only

DOCUMENT = ROOT / "docs" / "exchange.md"


def test_the_document_is_up_to_date(tmp_path: Path) -> None:
    call_command("ebok_exchange_docs", "--check", "--out", str(DOCUMENT))
    path = tmp_path / "exchange.md"
    with pytest.raises(CommandError, match="out of date"):
        call_command("ebok_exchange_docs", "--check", "--out", str(path))
    call_command("ebok_exchange_docs", "--out", str(path))
    assert path.read_text() == document(own_datasets())


@pytest.mark.parametrize("dataset", own_datasets(), ids=lambda dataset: dataset.key)
def test_every_example_can_be_imported(dataset: Dataset, tmp_path: Path) -> None:
    (tmp_path / f"{dataset.key}.csv").write_text(example_file(dataset))
    receive([tmp_path / f"{dataset.key}.csv"], tmp_path / "kept")
    part = only(open_source(tmp_path / "kept", load_profile("neutral")))
    ((number, cells),) = part.rows()
    names = [column.name for column in dataset.columns]
    assert (number, clean_row(dataset, dict(zip(names, cells, strict=True))).errors) == (2, [])
    assert example_file(dataset) in document([dataset])


def test_the_profiles_in_the_document_are_right(tmp_path: Path) -> None:
    blocks = re.findall(r"```toml\n(.*?)```", DOCUMENT.read_text(), re.DOTALL)
    assert len(blocks) == 2
    for number, block in enumerate(blocks):
        path = tmp_path / f"{number}.toml"
        path.write_text(block)
        assert read_profile(path, own_datasets()).name == str(number)


def test_the_exit_codes_in_the_document_are_those_of_the_command() -> None:
    codes = {int(code) for code in re.findall(r"^\| (\d) \|", DOCUMENT.read_text(), re.MULTILINE)}
    assert codes == {
        exit_codes.TAKEN_OVER,
        exit_codes.REFUSED,
        exit_codes.WAITING,
        exit_codes.BUSY,
        exit_codes.TAKEN_OVER_BEFORE,
    }
