"""What people meet is written down: make targets, commands, settings, events, permissions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from ebok.plugins.contract import PluginConfig
from ebok.plugins.registry import registry

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ("site/ebok", "ebok_plugins", "page_types", "snippets")


def documents() -> str:
    """Everything written for people, in one text."""
    files = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
    files += [file for source in SOURCES for file in sorted((ROOT / source).rglob("README.md"))]
    return "\n".join(file.read_text() for file in files if file.exists())


def test_make_targets() -> None:
    """Every target that is meant for people is in CONTRIBUTING.md as `make <target>`."""
    makefile = (ROOT / "Makefile").read_text()
    targets = {
        target
        for line in re.findall(r"^\.PHONY:(.*(?:\\\n.*)*)", makefile, re.MULTILINE)
        for target in line.replace("\\\n", " ").split()
    }
    contributing = (ROOT / "CONTRIBUTING.md").read_text()
    assert {
        "demo",
        "test",
        "run",
        "lint",
        "bench",
        "soak",
        "walk",
        "features",
        "messages",
        "shots",
    } - targets == set()
    assert sorted(target for target in targets if f"make {target}" not in contributing) == []


def management_commands() -> Iterator[str]:
    """Names of our own management commands."""
    for source in SOURCES:
        for file in sorted((ROOT / source).rglob("management/commands/*.py")):
            if not file.stem.startswith("_"):
                yield file.stem


def test_management_commands() -> None:
    """Every one is in the documents."""
    written = documents()
    assert [name for name in management_commands() if name not in written] == []


def settings_read() -> set[str]:
    """Names of environment variables that the settings read."""
    found: set[str] = set()
    for file in (ROOT / "site" / "ebok" / "settings").glob("*.py"):
        text = file.read_text()
        found |= set(re.findall(r"""env(?:\.\w+)?\(\s*["']([A-Z][A-Z0-9_]+)["']""", text))
        found |= set(re.findall(r"""_required\(\s*["']([A-Z][A-Z0-9_]+)["']""", text))
    return found


def settings_in_example() -> set[str]:
    """Names in .env.example, also commented out."""
    return set(re.findall(r"^#?\s?([A-Z][A-Z0-9_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))


def test_env_example_names_every_setting() -> None:
    """And no setting that nothing reads."""
    assert sorted(settings_read() - settings_in_example()) == []


def test_env_example_settings_are_documented() -> None:
    """Every one is explained for operators."""
    written = documents()
    assert sorted(name for name in settings_in_example() | settings_read() if name not in written) == []


@pytest.mark.parametrize(
    ("kind", "attribute"), [("events", "key"), ("permissions", "name"), ("tasks", "key"), ("status", "key")]
)
def test_contributions_of_rooms(kind: str, attribute: str) -> None:
    """What rooms, page types and snippets declare; plugins are held to their own READMEs."""
    written = documents()
    names = [
        getattr(item, attribute)
        for owner, item in registry.contributions(kind)
        if not isinstance(owner, PluginConfig)
    ]
    assert sorted(name for name in names if f"`{name}`" not in written) == []


def test_every_plugin_of_ours_has_a_readme() -> None:
    """Even one that has nothing to set."""
    ours = [Path(plugin.path) for plugin in registry.plugins if plugin.name.startswith("ebok_plugins.")]
    assert [folder.name for folder in ours if not (folder / "README.md").exists()] == []
