"""Who may know whom: the contracts hold on the tree, and each bites when somebody breaks it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("site/ebok", "ebok_plugins", "page_types", "snippets")

VIOLATIONS: dict[str, list[tuple[str, str]]] = {
    "Plugins know pages, pages know snippets, snippets know the core": [
        ("site/ebok/ports/planted.py", "import ebok_plugins.e_dokument"),
        ("site/ebok/journal/planted.py", "import page_types"),
        ("site/ebok/look/planted.py", "import snippets"),
        ("snippets/planted.py", "import page_types.apps"),
        ("page_types/planted.py", "import ebok_plugins.client_zone.apps"),
    ],
    "Rooms of the core know only the rooms below them": [
        ("site/ebok/ports/planted.py", "import ebok.plugins.registry"),
        ("site/ebok/plugins/planted.py", "import ebok.journal.services"),
        ("site/ebok/journal/planted.py", "import ebok.accounts.models"),
        ("site/ebok/accounts/planted.py", "import ebok.zones.views"),
        ("site/ebok/zones/planted.py", "import ebok.operations.models"),
        ("site/ebok/operations/planted.py", "import ebok.testing.people"),
        ("site/ebok/testing/planted.py", "import ebok.urls"),
    ],
    "No plugin knows another": [
        ("ebok_plugins/e_dokument/planted.py", "import ebok_plugins.client_zone.apps"),
        ("ebok_plugins/mobile_zone/planted.py", "from ebok_plugins.employee_zone import apps"),
    ],
    "Ports know no room": [
        ("site/ebok/ports/planted.py", "import ebok.look.contrast"),
        ("site/ebok/ports/planted.py", "import ebok.accounts.models"),
    ],
}
"""Contract name → places where a planted import must break exactly that promise."""


def contracts() -> list[str]:
    """Names of the contracts in pyproject.toml."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        return [contract["name"] for contract in tomllib.load(file)["tool"]["importlinter"]["contracts"]]


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run import-linter on a tree, which sees only that tree's packages."""
    return subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()",
         "--no-cache"],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join([str(folder / "site"), str(folder)]),
             "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )  # fmt: skip


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the source that may be spoiled."""
    folder = tmp_path_factory.mktemp("tree")
    for package in PACKAGES:
        shutil.copytree(
            ROOT / package,
            folder / package,
            ignore=shutil.ignore_patterns("__pycache__", "static", "templates", "locale"),
        )
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


@pytest.fixture
def plant(tree: Path) -> Iterator[Callable[[str, str], None]]:
    """`plant(file, line)`: add a module with one import; removed after the test."""
    planted: list[Path] = []

    def write(file: str, line: str) -> None:
        path = tree / file
        path.write_text(f'"""Planted by a test."""\n\n{line}\n')
        planted.append(path)

    yield write
    for path in planted:
        path.unlink()


@pytest.mark.feature("M11")
def test_the_contracts_hold() -> None:
    """On the tree as it is."""
    done = lint(ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_contract_has_a_planted_violation() -> None:
    """A contract nobody ever broke on purpose may check nothing."""
    assert sorted(contracts()) == sorted(VIOLATIONS)


@pytest.mark.parametrize(
    ("contract", "file", "line"),
    [
        pytest.param(contract, file, line, id=f"{file.removesuffix('/planted.py')}-{line.split()[1]}")
        for contract, plantings in VIOLATIONS.items()
        for file, line in plantings
    ],
)
def test_contract_bites(
    contract: str, file: str, line: str, tree: Path, plant: Callable[[str, str], None]
) -> None:
    """The planted import breaks the contract, and import-linter names both."""
    before = lint(tree)
    plant(file, line)
    after = lint(tree)
    assert f"{contract} BROKEN" not in before.stdout, before.stdout
    assert f"{contract} BROKEN" in after.stdout, after.stdout + after.stderr
    assert ".planted" in after.stdout
