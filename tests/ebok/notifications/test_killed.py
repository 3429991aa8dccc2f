"""Workers really killed in the middle of a mailing: nobody gets a letter twice, nobody is forgotten."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from ebok.notifications.models import Message, State
from ebok.notifications.spool import Spool, folder, left_behind
from tests.database import ROOT, manage, process_environment
from tests.ebok.notifications.smtp_server import Server

LETTERS = 150
SEED = """
from wagtail.models import Site
from ebok.notifications.models import Mailing, Message
text = {"subject": "Faktura {n}", "body": "Numer {n}", "action": ""}
site = Site.objects.get(is_default_site=True)
mailing = Mailing.objects.create(
    site=site, kind="test.kind", title="Proba", campaign="1", total=%d, texts={"pl": {"email": text}})
Message.objects.bulk_create(
    Message(site=site, kind="test.kind", mailing=mailing, channel="email", urgency=2, language="pl",
            address=f"osoba{n}@example.org", values={"n": str(n)}, once=f"m{n}")
    for n in range(%d))
"""
DELIVER = """
from django.conf import settings
settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", %d
from ebok.notifications.delivery import deliver_due
deliver_due(batch=40)
"""
ASK = """
import json
from ebok.notifications.models import Mailing, Message
mailing = Mailing.objects.get()
print(json.dumps({
    "states": [list(row) for row in Message.objects.values_list("address", "state")],
    "mailing": [mailing.sent, mailing.failed, mailing.state],
}))
"""


@pytest.mark.long
@pytest.mark.feature("D09")
def test_kills_double_nothing(database_copy: Callable[[], str], tmp_path: Path) -> None:
    """Killed before the server answers, and at any other moment; whoever comes next goes on."""
    url = database_copy()
    environment = {
        "DJANGO_SETTINGS_MODULE": "ebok.settings.dev",
        "EBOK_RUNTIME_DIR": str(tmp_path / "runtime"),
    }

    def shell(code: str) -> str:
        return manage(url, "shell", "--no-imports", "-c", code, sample=False, **environment)

    shell(SEED % (LETTERS, LETTERS))
    running: list[subprocess.Popen[bytes]] = []
    before_answer = {10, 67}
    after_answer = {30, 101}
    with Server() as server:

        def kill(_address: str) -> None:
            count = len(server.rules.letters)
            if count in before_answer:
                os.kill(running[-1].pid, signal.SIGKILL)
                running[-1].wait(30)
            elif count in after_answer:
                # The answer is on its way; the worker dies at some moment after it.
                threading.Timer(0.002, os.kill, (running[-1].pid, signal.SIGKILL)).start()

        server.rules.after_data = kill
        kills = 0
        for _start in range(8):
            running.append(
                subprocess.Popen(
                    [sys.executable, str(ROOT / "site" / "manage.py"), "shell", "--no-imports", "-c",
                     DELIVER % server.port],
                    env={**process_environment(url), **environment},
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                )
            )  # fmt: skip
            ended = running[-1].wait(120)
            kills += ended == -signal.SIGKILL
            if ended == 0:
                break
        received = Counter(server.recipients)
    assert kills == len(before_answer) + len(after_answer)
    told = json.loads(shell(ASK).splitlines()[-1])
    states = dict(told["states"])
    assert [address for address, count in received.items() if count > 1] == []
    assert Counter(states.values()).keys() <= {"sent", "failed"}
    # Who got none was given up, and is shown so.
    missing = set(states) - set(received)
    assert {states[address] for address in missing} <= {"failed"}
    failed = [address for address, state in states.items() if state == "failed"]
    assert len(before_answer) <= len(failed) <= kills
    assert told["mailing"] == [LETTERS - len(failed), len(failed), "done"]


def test_a_living_worker_keeps_its_file(runtime_dir: Path) -> None:
    """Only the lock of a dead one is free; a file that says nothing goes away."""
    with Spool("one") as spool:
        spool.begin(1)
        spool.end(1, is_taken=True)
        spool.begin(2)
        assert list(left_behind()) == []
    (left,) = left_behind()
    assert (left.worker, left.taken, left.unsure) == ("one", {1}, {2})
    assert list(folder().iterdir()) == []
    with Spool("two") as spool:
        spool.begin(3)
        spool.end(3, is_taken=False)
        spool.clear()
    assert list(folder().iterdir()) == []


def test_half_a_line_is_nothing(runtime_dir: Path) -> None:
    """A file that was cut, or filled by somebody else, stops nobody."""
    folder().mkdir(parents=True)
    (folder() / "three").write_bytes(b"b12\nt12\nb1\xff\nx\n\nb")
    (left,) = left_behind()
    assert (left.taken, left.unsure) == ({12}, set())


def test_states_have_names() -> None:
    """What the process above prints are the values of the states."""
    assert {State.SENT.value, State.FAILED.value} == {"sent", "failed"}
    assert Message._meta.get_field("state").choices
