"""What is under deploy/: parsed and held to rules, because containers cannot run in this suite."""

from __future__ import annotations

import configparser
import re
import shlex
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import get_commands

from tests.database import ROOT

DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
FLOATING = re.compile(r":latest$|^[^:@]+$")

pytestmark = pytest.mark.feature("M14")


@pytest.fixture(scope="module")
def stages() -> list[list[tuple[str, str]]]:
    """The Dockerfile's stages, each a list of (instruction, rest)."""
    text = re.sub(r"^\s*#.*\n", "", (DEPLOY / "Dockerfile").read_text(), flags=re.MULTILINE)
    found: list[list[tuple[str, str]]] = []
    for line in re.sub(r"\\\n", " ", text).splitlines():
        if line.strip():
            name, _space, rest = line.strip().partition(" ")
            if name == "FROM":
                found.append([])
            found[-1].append((name, rest))
    return found


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    return loaded


def command_exists(words: list[str]) -> bool:
    """Whether a command line names a management command or program that is there."""
    if any(word.endswith("manage.py") for word in words):
        place = next(index for index, word in enumerate(words) if word.endswith("manage.py"))
        return words[place + 1] in get_commands()
    return Path(words[0]).name == "granian" and words[-1] == "ebok.wsgi:application"


# The image -------------------------------------------------------------------------------


def test_image_has_stages_and_pinned_bases(stages: list[list[tuple[str, str]]]) -> None:
    assert len(stages) >= 2
    bases = [stage[0][1].split()[0] for stage in stages]
    assert [base for base in bases if FLOATING.search(base)] == []


def test_image_runs_without_rights(stages: list[list[tuple[str, str]]]) -> None:
    users = [rest for name, rest in stages[-1] if name == "USER"]
    assert users == ["ebok"]
    after = [name for name, _rest in stages[-1]][[name for name, _ in stages[-1]].index("USER") :]
    assert "RUN" not in after
    assert "COPY" not in after


def test_image_installs_with_hashes_only(stages: list[list[tuple[str, str]]]) -> None:
    installs = [
        part for stage in stages for name, rest in stage if name == "RUN" for part in rest.split("&&")
        if "pip install" in part
    ]  # fmt: skip
    assert installs
    for part in installs:
        assert "--require-hashes" in part or ("--no-deps" in part and "--no-index" in part), part


def test_image_says_whether_it_is_healthy_and_on_which_port(stages: list[list[tuple[str, str]]]) -> None:
    last = dict(stages[-1])
    assert "ebok.operations.healthcheck" in last["HEALTHCHECK"]
    assert last["EXPOSE"] == "8000"
    command = yaml.safe_load(last["CMD"])
    assert command[command.index("--port") + 1] == "8000"
    assert command_exists(command)


def test_image_holds_no_secret(stages: list[list[tuple[str, str]]]) -> None:
    settings = " ".join(rest for stage in stages for name, rest in stage if name in ("ENV", "ARG"))
    assert not re.search(r"SECRET|PASSWORD|_KEY|TOKEN", settings)


def test_files_the_image_copies_exist_and_reach_the_builder(stages: list[list[tuple[str, str]]]) -> None:
    kept = [
        line[1:].rstrip("/")
        for line in (ROOT / ".dockerignore").read_text().splitlines()
        if line.startswith("!")
    ]
    for stage in stages:
        for name, rest in stage:
            if name != "COPY" or rest.startswith("--from"):
                continue
            for source in shlex.split(rest)[:-1]:
                assert (ROOT / source).exists(), source
                assert any(Path(source).match(entry) or source.startswith(entry) for entry in kept), source


# Compose ---------------------------------------------------------------------------------


def test_compose_has_every_part(compose: dict[str, Any]) -> None:
    assert sorted(compose["services"]) == ["db", "prepare", "proxy", "redis", "timer", "web", "worker"]


def test_compose_pins_images_and_knows_their_health(compose: dict[str, Any]) -> None:
    for name, service in compose["services"].items():
        assert not FLOATING.search(service["image"]), name
        if name not in ("prepare", "worker", "timer", "web"):
            assert service["healthcheck"]["test"], name


def test_compose_publishes_only_the_proxy(compose: dict[str, Any]) -> None:
    assert [name for name, service in compose["services"].items() if "ports" in service] == ["proxy"]


def test_compose_parts_of_ours_have_no_rights(compose: dict[str, Any]) -> None:
    for name in ("prepare", "web", "worker", "timer"):
        service = compose["services"][name]
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert "privileged" not in service
        if "command" in service:
            assert command_exists(service["command"]), name


def test_compose_starts_in_order(compose: dict[str, Any]) -> None:
    for name in ("web", "worker", "timer"):
        needs = compose["services"][name]["depends_on"]
        assert needs["prepare"] == {"condition": "service_completed_successfully"}
        assert needs["db"] == {"condition": "service_healthy"}


def test_compose_asks_for_passwords_instead_of_having_one(compose: dict[str, Any]) -> None:
    text = (DEPLOY / "compose.yaml").read_text()
    assert set(re.findall(r"PASSWORD[^\n]*?(\$\{\S+)", text)) <= {"${POSTGRES_PASSWORD:?set"}


# systemd ---------------------------------------------------------------------------------


def read(unit: Path) -> configparser.ConfigParser:
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]  # names of options keep their case
    parser.read(unit)
    return parser


def test_every_unit_is_there() -> None:
    assert [unit.name for unit in UNITS] == [
        "ebok-prepare.service",
        "ebok-timer.service",
        "ebok-web.service",
        "ebok-worker@.service",
    ]


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_unit_runs_a_command_of_ours_without_rights(unit: Path) -> None:
    service = read(unit)["Service"]
    assert service["User"] == "ebok"
    assert service["NoNewPrivileges"] == "yes"
    assert service["ProtectSystem"] == "strict"
    assert command_exists(shlex.split(service["ExecStart"]))


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_unit_is_understood_by_systemd(unit: Path) -> None:
    """Where systemd is installed, it reads the unit; programs that are not installed here are no fault."""
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("systemd-analyze is not installed here")
    done = subprocess.run(
        [analyze, "verify", str(unit)], capture_output=True, text=True, timeout=60, check=False
    )
    faults = [
        line for line in done.stderr.splitlines()
        if unit.stem.rstrip("@") in line and "is not executable" not in line
    ]  # fmt: skip
    assert faults == []


def test_the_worker_keeps_its_id() -> None:
    assert "--worker-id %H-%i" in read(DEPLOY / "systemd" / "ebok-worker@.service")["Service"]["ExecStart"]
