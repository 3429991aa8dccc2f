"""`python -m tests.bench.soak [--minutes N]`: load while content is published and workers are killed.

A module is switched off and on meanwhile, too.

Exit code 1 when anything answered with a server error, when a switched-off module still answered, or when
memory kept growing. `MINUTES` in the environment sets the length, too.
"""

from __future__ import annotations

import argparse
import http.client
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree import ElementTree

from tests.bench.servers import ROOT, WORKERS, CannotMeasure, Server, environment, portal, prepare

THREADS = 6
MODULE = "e_dokument"
MODULE_PATH = "/dokumenty/"
# Between two changes of each kind, in seconds.
PUBLISH_EVERY, SWITCH_EVERY, KILL_EVERY = 3.0, 11.0, 17.0
# Memory may grow while caches fill: the last third of the run against the second.
MOST_GROWTH = 1.15
_LOOKS = ("light-100", "light-120", "contrast-100", "contrast-150", "nonsense")


@dataclass
class Tally:
    """What happened so far."""

    answers: Counter[str] = field(default_factory=Counter)
    broken: int = 0
    errors: list[str] = field(default_factory=list)
    memory: list[int] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)


def main() -> int:
    """Run, then say what was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=float(os.environ.get("MINUTES", "10")))
    minutes = parser.parse_args().minutes
    folder = Path(tempfile.mkdtemp(prefix="ebok-soak-"))
    tally = Tally()
    try:
        print("Preparing a demo database of its own …", flush=True)
        prepare(folder)
        with portal(folder) as server, _editor(folder) as editor:
            _run(server, editor, tally, minutes * 60)
    except CannotMeasure as error:
        print(f"Stopped: {error}", file=sys.stderr)
        return 1
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return _report(tally)


def _run(server: Server, editor: subprocess.Popen[str], tally: Tally, seconds: float) -> None:
    paths = _paths(server)
    visitors = [
        threading.Thread(target=_visit, args=(server, paths, tally, number), daemon=True)
        for number in range(THREADS)
    ]
    for visitor in visitors:
        visitor.start()
    began = time.monotonic()
    due = {"publish": PUBLISH_EVERY, "switch": SWITCH_EVERY, "kill": KILL_EVERY, "memory": 1.0}
    is_on = True
    while (passed := time.monotonic() - began) < seconds and editor.poll() is None:
        if passed >= due["publish"]:
            due["publish"] += PUBLISH_EVERY
            _tell(editor, "publish")
        if passed >= due["switch"]:
            due["switch"] += SWITCH_EVERY
            is_on = not is_on
            _tell(editor, "on" if is_on else "off")
            _check_module(server, tally, is_on)
        if passed >= due["kill"]:
            due["kill"] += KILL_EVERY
            _kill_one(server)
        if passed >= due["memory"]:
            due["memory"] += 1.0
            tally.memory.append(server.memory_bytes())
        time.sleep(0.1)
    if editor.poll() is not None:
        tally.errors.append("the editor's process ended: see its message above")
    tally.stop.set()
    for visitor in visitors:
        visitor.join(30)


def _paths(server: Server) -> list[str]:
    status, _, body = server.get("/sitemap.xml")
    if status != 200:
        raise CannotMeasure(f"/sitemap.xml answers {status}.")
    # Our own server's answer.
    found = [
        element.text or "" for element in ElementTree.fromstring(body).iter() if element.tag.endswith("loc")
    ]
    return [urlsplit(address).path or "/" for address in found] + [
        "/moje-konto/",
        "/szukaj/",
        "/no-such-page/",
    ]


def _visit(server: Server, paths: list[str], tally: Tally, seed: int) -> None:
    chance = random.Random(seed)
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    while not tally.stop.is_set():
        path = "/" if chance.random() < 0.4 else chance.choice(paths)
        if chance.random() < 0.1:
            path += f"?x={chance.random()}"
        cookie = f"ebok_look={chance.choice(_LOOKS)}; visitor={chance.random()}"
        try:
            connection.request("GET", path, headers={"Cookie": cookie, "Accept-Encoding": "gzip"})
            answer = connection.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException):
            # A worker was killed with this connection in its hands: the browser would ask again.
            tally.broken += 1
            connection.close()
            time.sleep(0.05)
            continue
        tally.answers[answer.getheader("X-Cache", "none")] += 1
        if answer.status >= 500:
            tally.errors.append(f"{path} answered {answer.status}")


def _check_module(server: Server, tally: Tally, is_on: bool) -> None:
    """Every worker must know at once; each request here goes over a new connection."""
    for _ in range(4 * WORKERS):
        try:
            status = server.get(MODULE_PATH)[0]
        except OSError:
            continue
        if status != (200 if is_on else 404):
            tally.errors.append(
                f"{MODULE_PATH} answered {status} while the module was {'on' if is_on else 'off'}"
            )


def _kill_one(server: Server) -> None:
    """Kill the younger of the processes that answer; granian starts another one."""
    workers = server.workers()
    if workers:
        os.kill(workers[-1], signal.SIGKILL)


def _editor(folder: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", _EDITOR],
        cwd=ROOT, env=environment(folder), text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip


def _tell(editor: subprocess.Popen[str], what: str) -> None:
    """Have the editor do something, and wait until it is done."""
    assert editor.stdin is not None
    assert editor.stdout is not None
    editor.stdin.write(what + "\n")
    editor.stdin.flush()
    editor.stdout.readline()


# Another process than the servers, like the timer that publishes what is scheduled.
_EDITOR = f"""
import sys
import django
django.setup()
from wagtail.models import Site
from ebok.plugins.activation import disable, enable
from page_types.models import AnnouncementPage
for line in sys.stdin:
    site = Site.objects.get(is_default_site=True)
    if line.strip() == "publish":
        page = AnnouncementPage.objects.live().order_by("?").first()
        page.save_revision().publish()
    else:
        (enable if line.strip() == "on" else disable)(site, {MODULE!r})
    print("done", flush=True)
"""


def _report(tally: Tally) -> int:
    total = sum(tally.answers.values())
    print(f"{total} answers: " + ", ".join(f"{count} {name}" for name, count in tally.answers.most_common()))
    print(f"{tally.broken} connections broke when their worker was killed")
    third = len(tally.memory) // 3
    failed = bool(tally.errors) or total == 0
    if third >= 10:
        before = sorted(tally.memory[third : 2 * third])[third // 2]
        after = sorted(tally.memory[-third:])[third // 2]
        print(f"memory: {before / 2**20:.0f} MiB, later {after / 2**20:.0f} MiB")
        if after > before * MOST_GROWTH:
            print("FAILS: memory kept growing")
            failed = True
    for error, count in Counter(tally.errors).most_common(10):
        print(f"FAILS: {error} ({count} times)")
    print("It did not hold." if failed else "It held.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
