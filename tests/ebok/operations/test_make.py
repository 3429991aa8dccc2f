"""The commands people type: what can be shown without installing everything once more."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable
from pathlib import Path

import polib
import pytest

from tests.database import ROOT, ask, manage, manage_migrating, process_environment
from tests.processes import free_port

CI = ROOT / ".ci"
SCRIPTS = sorted([*CI.glob("*.sh"), CI / "run"])


def run(*command: str, cwd: Path = ROOT, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=cwd,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_scripts_parse_and_can_be_run(script: Path) -> None:
    assert run("bash", "-n", str(script)).returncode == 0
    if script.name != "lib.sh":
        assert os.access(script, os.X_OK)


def test_the_machine_types_what_people_type() -> None:
    assert (CI / "run").read_text().rstrip().endswith("exec make test")


def test_targets_start_their_own_set_up() -> None:
    """Each target that needs the environment makes it, so that any of them can be the first one typed."""
    makefile = (ROOT / "Makefile").read_text()
    recipes = dict(re.findall(r"^([a-z-]+):[^\n]*\n((?:\t[^\n]*\n)+)", makefile, re.MULTILINE))
    without = {"help", "clean", "test-all", "demo"}  # test-all comes after test; demo.sh sets up itself
    assert sorted(name for name in recipes if ".ci/setup.sh" not in recipes[name]) == sorted(without)
    assert ".ci/setup.sh production" in (CI / "demo.sh").read_text()


def test_help_names_every_target() -> None:
    makefile = (ROOT / "Makefile").read_text()
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    shown = set(
        re.findall(r"^  make ([a-z-]+)", run("make", "--no-print-directory", "help").stdout, re.MULTILINE)
    )
    assert shown == targets


@pytest.mark.feature("M12")
def test_a_taken_port_is_said_before_anything_is_done() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = str(listener.getsockname()[1])
        done = run("bash", ".ci/demo.sh", PORT=port)
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.startswith(f"Stopped: port {port} is taken on 127.0.0.1; choose another one")


@pytest.mark.parametrize("port", ["0", "70000", "abc", "-1", "80 80"])
def test_a_wrong_port_is_said_in_a_sentence(port: str) -> None:
    done = run("bash", ".ci/demo.sh", PORT=port)
    assert (done.returncode, done.stdout) == (1, "")
    assert "is not a port" in done.stderr


def test_a_missing_python_is_said_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / ".ci").mkdir()
    for name in ("lib.sh", "python.sh"):
        shutil.copy(CI / name, tmp_path / ".ci" / name)
    done = run("bash", str(tmp_path / ".ci" / "python.sh"), cwd=tmp_path, PYTHON="/nowhere/python3")
    assert done.returncode == 1
    assert done.stderr == "Stopped: PYTHON=/nowhere/python3 is not Python 3.11, 3.12 or 3.13.\n"


def test_stamps_change_with_names_and_contents(tmp_path: Path) -> None:
    def stamp() -> str:
        return run("bash", "-c", f". .ci/lib.sh; stamp_of {tmp_path}").stdout

    (tmp_path / "a").write_text("1")
    first = stamp()
    assert first == stamp()
    (tmp_path / "a").write_text("2")
    second = stamp()
    (tmp_path / "a").rename(tmp_path / "b")
    assert len({first, second, stamp()}) == 3


@pytest.mark.parametrize("name", ["development", "production", "build", "frontend"])
def test_requirements_are_pinned_with_hashes_and_name_no_index(name: str) -> None:
    text = (ROOT / "requirements" / f"{name}.txt").read_text()
    # Beside hashes and the files a pin comes from no option may stand there: it could only be for an index.
    assert not re.search(r"://|(?<!\S)--?(?!hash=|[rc] requirements/)[a-z]", text)
    pinned = re.split(r"\n(?=\S)", text.strip())
    requirements = [block for block in pinned if not block.startswith("#")]
    assert requirements
    for block in requirements:
        assert re.match(r"[A-Za-z0-9._-]+(\[[a-z,]+\])?==\S+", block), block[:80]
        assert "--hash=sha256:" in block, block[:80]


@pytest.mark.feature("M15")
def test_requirements_cover_every_supported_python() -> None:
    """One list, resolved for every platform: Django 5.2 below Python 3.12, 6.1 from there on."""
    text = (ROOT / "requirements" / "production.txt").read_text()
    assert re.search(r"^django==5\.2\.\S+ ; python_full_version < '3\.12'", text, re.MULTILINE)
    assert re.search(r"^django==6\.1\.\S+ ; python_full_version >= '3\.12'", text, re.MULTILINE)


def test_production_is_part_of_what_is_tested() -> None:
    def versions(name: str) -> set[str]:
        text = (ROOT / "requirements" / f"{name}.txt").read_text()
        return set(re.findall(r"^([a-z0-9._-]+==\S+)", text, re.MULTILINE))

    assert versions("production") <= versions("development")


# Translations ----------------------------------------------------------------------------


def messages(command: str, *folders: str) -> subprocess.CompletedProcess[str]:
    return run(sys.executable, ".ci/messages.py", command, *folders)


def test_messages_of_this_room_are_complete() -> None:
    done = messages("check", "site/ebok/operations")
    assert (done.returncode, done.stdout) == (0, "Every message has its Polish translation.\n")


@pytest.fixture
def small_project(tmp_path: Path) -> Path:
    """A repository with one app, for the translation commands."""
    app = tmp_path / "ebok_plugins" / "x"
    (app / "templates").mkdir(parents=True)
    (tmp_path / ".ci").mkdir()
    shutil.copy(CI / "messages.py", tmp_path / ".ci" / "messages.py")
    (app / "apps.py").write_text(
        "title = _('Bills')\nmore = ngettext('%(n)s bill', '%(n)s bills', n)\n"
        "name = pgettext('month', 'May')\n"
        "no = gettext(title)\n"
    )
    (app / "templates" / "a.html").write_text(
        "{% load i18n %}{% translate 'Pay' %}{% blocktranslate with sum=x trimmed %}\n"
        "  Pay {{ sum }} now\n{% endblocktranslate %}{{ _('Later') }}"
    )
    return tmp_path


def test_messages_are_extracted_checked_and_compiled(small_project: Path) -> None:
    def command(name: str) -> subprocess.CompletedProcess[str]:
        return run(sys.executable, str(small_project / ".ci" / "messages.py"), name, cwd=small_project)

    assert command("extract").returncode == 0
    file = small_project / "ebok_plugins" / "x" / "locale" / "pl" / "LC_MESSAGES" / "django.po"
    catalogue = polib.pofile(str(file))
    found = {entry.msgid for entry in catalogue}
    assert found == {"Bills", "%(n)s bill", "May", "Pay", "Pay %(sum)s now", "Later"}
    assert command("check").returncode == 1
    for entry in catalogue:
        if entry.msgid_plural:
            entry.msgstr_plural = {0: "%(n)s rachunek", 1: "%(n)s rachunki", 2: "%(n)s rachunków"}
        else:
            entry.msgstr = f"pl {entry.msgid}"
    catalogue.save()
    assert command("check").returncode == 0
    (entry,) = [entry for entry in catalogue if entry.msgid == "Pay %(sum)s now"]
    entry.msgstr = "Zapłać teraz"
    catalogue.save()
    assert "lacks %(sum)s" in command("check").stdout
    assert command("compile").returncode == 0
    assert file.with_suffix(".mo").exists()


# The whole portal ------------------------------------------------------------------------


@pytest.mark.feature("M12")
def test_prepare_and_serve_make_a_running_portal(database_copy: Callable[[], str], tmp_path: Path) -> None:
    """What `make demo` starts: one command with web server, worker and timer, stopped by one signal."""
    url, port = database_copy(), free_port()
    settings = {"DJANGO_SETTINGS_MODULE": "ebok.settings.dev", "EBOK_RUNTIME_DIR": str(tmp_path / "var")}
    assert "Static files" in manage(url, "ebok_prepare", sample=True, **settings)
    assert manage(url, "ebok_prepare", sample=True, **settings) == "", "a second time there is nothing to do"
    styles = tmp_path / "var" / "static" / "operations" / "status.css"
    assert oct(styles.stat().st_mode)[-3:] == "644", "nginx reads it as another user"
    log = tmp_path / "serve.log"
    with log.open("wb") as output:
        portal = subprocess.Popen(
            [
                sys.executable,
                str(ROOT / "site" / "manage.py"),
                "ebok_serve",
                "--port",
                str(port),
                "--workers",
                "1",
            ],
            env={**process_environment(url), **settings},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        from ebok.operations.management.commands.ebok_serve import answers

        assert answers(f"http://127.0.0.1:{port}/zdrowie/zyje/", within=90), log.read_text()
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/zdrowie/gotowe/", timeout=30) as response:
            assert response.status == 200
        second = run_second(url, settings)
        assert "is running already" in second
    finally:
        portal.terminate()
        portal.wait(timeout=20)
    assert "Everything is stopped." in log.read_text()
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", port))


def run_second(url: str, settings: dict[str, str]) -> str:
    """What a second supervisor on the same data says."""
    done = subprocess.run(
        [sys.executable, str(ROOT / "site" / "manage.py"), "ebok_serve", "--port", str(free_port())],
        env={**process_environment(url), **settings},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    return done.stderr


def test_starting_over_removes_what_was_there(database_copy: Callable[[], str], tmp_path: Path) -> None:
    url = database_copy()
    settings = {"DJANGO_SETTINGS_MODULE": "ebok.settings.dev", "EBOK_RUNTIME_DIR": str(tmp_path / "var")}
    picture = tmp_path / "var" / "media" / "original_images" / "old.png"
    picture.parent.mkdir(parents=True)
    picture.touch()
    add = "from django.contrib.auth.models import Group; Group.objects.create(name='old')"
    manage(url, "shell", "--no-imports", "-c", add, sample=True, **settings)
    said = manage_migrating(url, "ebok_prepare --fresh --no-static", sample=True, **settings)
    assert said.startswith("Starting over: the data that was there is removed.\nPreparing the database (")
    assert ask(url, "SELECT count(*) FROM auth_group WHERE name = 'old'") == [(0,)]
    assert not picture.exists()
