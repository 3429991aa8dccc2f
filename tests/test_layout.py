"""The house stands as the plan says: what lies at the top, what a file may be called, what is packed."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
CODE = ("site", "ebok_plugins", "page_types", "snippets", "templates", "tests")
PACKAGES = ("site/ebok", "ebok_plugins", "page_types", "snippets")
TOP_LEVEL = {
    # given by the customer
    "pyproject.toml", "README.md", "site", "ebok_plugins", "page_types", "snippets", "templates", "tests",
    # beside them
    "Makefile", "CONTRIBUTING.md", "CHANGELOG.md", "docs", "deploy", "requirements", ".ci", "LICENSE",
    # what tools read from where they stand
    ".gitignore", ".gitattributes", ".dockerignore", ".editorconfig", ".env.example", ".git",
}  # fmt: skip
VAGUE_NAMES = {"utils", "util", "helpers", "helper", "common", "manager", "managers", "misc", "data"}
LONGEST_FILE = 440
"""Lines; a little more than the four hundred we aim at, so that one more line never splits a file."""


def tracked() -> list[Path]:
    """Files that are, or with the next commit will be, in the repository."""
    git = shutil.which("git")
    if git and (ROOT / ".git").exists():
        listed = subprocess.run(
            [git, "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        ).stdout.split("\0")
        return [ROOT / name for name in listed if name and (ROOT / name).is_file()]
    pytest.skip("needs git and a checkout")


def sources(*endings: str) -> Iterator[Path]:
    """Tracked files of the code with one of the endings."""
    for file in tracked():
        if file.relative_to(ROOT).parts[0] in CODE and file.suffix in endings:
            yield file


def test_site_is_no_package() -> None:
    """`site` is a module of the standard library: with `__init__.py` Python loses one or the other."""
    assert not (ROOT / "site" / "__init__.py").exists()
    assert {path.name for path in (ROOT / "site").iterdir() if path.name != "__pycache__"} == {
        "manage.py",
        "ebok",
    }


def test_top_level() -> None:
    """Nothing lies at the top that the plan does not name."""
    found = {file.relative_to(ROOT).parts[0] for file in tracked()}
    assert sorted(found - TOP_LEVEL) == []


def test_no_vague_names() -> None:
    """A module is called by what is in it."""
    vague = [
        str(file.relative_to(ROOT))
        for file in sources(".py")
        if VAGUE_NAMES & {file.stem, *file.relative_to(ROOT).parts[:-1]}
    ]
    assert vague == []


def test_files_are_short() -> None:
    """Whoever opens a file sees it whole in a few screens. Migrations are made by Django."""
    long = {
        str(file.relative_to(ROOT)): count
        for file in sources(".py", ".html", ".js", ".css")
        if "migrations" not in file.parts and (count := len(file.read_text().splitlines())) > LONGEST_FILE
    }
    assert long == {}


def test_no_machine_paths() -> None:
    """The repository works wherever it lies."""
    path = re.compile(r"(?<![\w.$}])/(?:root|work|home/\w+)/\w")
    found = [
        f"{file.relative_to(ROOT)}:{number}"
        for file in tracked()
        if file.suffix not in {".png", ".jpg", ".pdf", ".docx", ".odt", ".woff2", ".mo", ".ico", ".webp"}
        for number, line in enumerate(file.read_text(errors="replace").splitlines(), start=1)
        if path.search(line)
    ]
    assert found == []


def test_no_index_addresses_in_requirements() -> None:
    """Where packages come from is the machine's own business; no option but a hash is needed."""
    option = re.compile(r"(?<!\S)--?(?!hash=|[rc] requirements/)[a-z]")
    found = [
        f"{file.relative_to(ROOT)}:{number}"
        for file in tracked()
        if file.parent.name == "requirements" or file.name in {"package-lock.json", ".npmrc"}
        for number, line in enumerate(file.read_text().splitlines(), start=1)
        if (file.parent.name == "requirements" and option.search(line))
        or '"resolved"' in line
        or "registry=" in line
    ]
    assert found == []


def test_no_scripts_or_styles_inside_templates() -> None:
    """The policy `'self'` would block them."""
    inline = re.compile(
        r"<style\b|\sstyle=|\son[a-z]+=|<script(?![^>]*\b(?:src|type=\"application/(?:ld\+)?json\"))[^>]*>"
    )
    found = [
        f"{file.relative_to(ROOT)}:{number}"
        for file in sources(".html")
        if "wagtailadmin" not in file.parts and "mail" not in file.parts
        for number, line in enumerate(file.read_text().splitlines(), start=1)
        if inline.search(re.sub(r"\{#.*?#\}", "", line))
    ]
    assert found == []


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.Path:
    """The built distribution, from the checkout and without any network."""
    folder = tmp_path_factory.mktemp("wheel")
    done = subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "-q", "--disable-pip-version-check", "--no-deps", "--no-index",
         "--no-build-isolation", "--wheel-dir", str(folder), str(ROOT)],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    (built,) = folder.glob("*.whl")
    return zipfile.Path(built)


@pytest.mark.feature("M14")
@pytest.mark.xdist_group("wheel")
def test_wheel_has_what_runs(wheel: zipfile.Path) -> None:
    """Every module of the packages, templates, static files, messages and READMEs of plugins."""
    packed = set(wheel.root.namelist())
    expected = set()
    for file in tracked():
        inside = file.relative_to(ROOT)
        if str(inside).startswith(tuple(f"{package}/" for package in PACKAGES)):
            expected.add(str(inside).removeprefix("site/"))
        elif inside.parts[0] == "templates" and inside.parts[1] not in ("theme",):
            expected.add(f"ebok/{inside}")
    assert sorted(expected - packed) == []


@pytest.mark.xdist_group("wheel")
def test_wheel_has_nothing_else(wheel: zipfile.Path) -> None:
    """No tests, no tools, no runtime files; node_modules least of all."""
    first = {name.split("/")[0] for name in wheel.root.namelist()}
    assert {name for name in first if not name.endswith(".dist-info")} == {
        "ebok",
        "ebok_plugins",
        "page_types",
        "snippets",
    }
    strange = [
        name
        for name in wheel.root.namelist()
        if "node_modules" in name or "__pycache__" in name or name.startswith("ebok/site")
    ]
    assert strange == []


@pytest.mark.xdist_group("wheel")
def test_wheel_brings_compiled_messages(wheel: zipfile.Path) -> None:
    """An installed portal cannot compile its Polish."""
    compiled = {file for package in PACKAGES for file in (ROOT / package).rglob("*.mo")}
    if not compiled:
        pytest.skip("messages are not compiled here")
    expected = {str(file.relative_to(ROOT)).removeprefix("site/") for file in compiled}
    assert sorted(expected - set(wheel.root.namelist())) == []


@pytest.mark.xdist_group("wheel")
def test_wheel_brings_the_built_theme(wheel: zipfile.Path) -> None:
    """An installed portal has no Node.js to build it with."""
    if not (ROOT / "templates" / "theme" / "build" / "ebok" / "ebok.css").exists():
        pytest.skip("the theme is not built here")
    assert "ebok/templates/theme/build/ebok/ebok.css" in wheel.root.namelist()
