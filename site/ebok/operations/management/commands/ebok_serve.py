"""`manage.py ebok_serve`: web server, background worker and minute timer in one command."""

from __future__ import annotations

import errno
import fcntl
import os
import socket
import sys
import threading
import time
import urllib.error
import urllib.request
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from ebok.operations.demo_world import ACCOUNTS, DEMO_PASSWORD
from ebok.operations.supervisor import Child, Supervisor
from ebok.starting import THREADS

READY_WITHIN = 60.0


EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104 (compared, not listened on)


class Command(BaseCommand):
    """One supervisor over everything a portal on one machine needs."""

    help = "Starts web server, background worker and minute timer together; Ctrl-C ends all of them."
    # The children check; a broken setting must be told once, by them, in full.
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument(
            "--host", default="127.0.0.1", help="Address to listen on (default: %(default)s)."
        )
        parser.add_argument(
            "--port", type=int, default=8000, help="Port to listen on (default: %(default)s)."
        )
        parser.add_argument(
            "--workers", type=int, default=0, help="Web processes (default: one for each core)."
        )
        parser.add_argument(
            "--develop", action="store_true", help="Django's own server, reloading on change."
        )
        parser.add_argument("--demo", action="store_true", help="Print the demo accounts and what to try.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Check what would fail, then start and stay."""
        host, port = options["host"], options["port"]
        if not 1 <= port <= 65535:
            raise CommandError(f"{port} is not a port; give a number from 1 to 65535.")
        with self._only_one(port):
            self._refuse_taken(host, port)
            if options["demo"]:
                # Letters of the worker lead to where the demo really is.
                os.environ.setdefault("EBOK_BASE_URL", address_shown(host, port))
            supervisor = Supervisor(children(**options), out=sys.stdout)

            def greet() -> None:
                threading.Thread(
                    target=self._greet, args=(host, port, options["demo"]), name="greeting", daemon=True
                ).start()

            supervisor.run(when_started=greet)
        self.stdout.write("Everything is stopped.")

    @contextmanager
    def _only_one(self, port: int) -> Iterator[None]:
        """Two supervisors over the same data would fight for the worker's id."""
        place = Path(settings.EBOK_RUNTIME_DIR) / "locks" / "serve.lock"
        place.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(place, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o640)
        try:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                known = os.read(handle, 20).decode(errors="replace").strip()
                raise CommandError(
                    f"This portal is running already (port {known or 'unknown'}); "
                    "stop it first, or use the one that runs."
                ) from None
            os.ftruncate(handle, 0)
            os.write(handle, f"{port}\n".encode())
            yield
        finally:
            os.close(handle)

    def _refuse_taken(self, host: str, port: int) -> None:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError as error:
                if error.errno == errno.EADDRINUSE:
                    raise CommandError(
                        f"Port {port} is taken on {host}; "
                        f"choose another one, for example PORT={port % 65000 + 80}."
                    ) from error
                raise CommandError(f"Cannot listen on {host} port {port}: {error.strerror}.") from error

    def _greet(self, host: str, port: int, demo: bool) -> None:
        """Wait until the portal answers, then say where it is."""
        asked = "localhost" if host in EVERYWHERE else _bracketed(host)
        if not answers(f"http://{asked}:{port}/zdrowie/zyje/"):
            self.stderr.write("The web server does not answer yet; its lines above tell why.")
            return
        self.stdout.write(greeting(address_shown(host, port), demo=demo))
        self.stdout.flush()


def children(**options: Any) -> list[Child]:
    """The processes of a portal on one machine."""
    manage = [sys.executable, str(Path(sys.argv[0]).resolve())]
    if not manage[1].endswith(".py"):
        manage = [sys.executable, "-m", "django"]
    module = os.environ.get("DJANGO_SETTINGS_MODULE", "ebok.settings.dev")
    environment = {"DJANGO_SETTINGS_MODULE": module, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    if options["develop"]:
        web = [*manage, "runserver", f"{_bracketed(options['host'])}:{options['port']}"]
    else:
        web = [
            *(sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws", "--log-level", "warning"),
            *("--host", options["host"], "--port", str(options["port"])),
            # A worker for each core.
            *("--workers", str(options["workers"] or os.cpu_count() or 1)),
            *("--blocking-threads", str(THREADS)),
            # In an outage a thousand people ask at once; they wait in line, none is turned away.
            *("--backlog", "4096"),
            *("--respawn-failed-workers", "--workers-kill-timeout", "3"),
            "ebok.wsgi:application",
        ]
    return [
        Child("web", web, environment),
        Child("worker", [*manage, "ebok_worker", "--worker-id", "embedded"], environment),
        Child("timer", [*manage, "run_periodic", "--loop"], environment),
    ]


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def answers(address: str, within: float = READY_WITHIN) -> bool:
    """Whether the address answers with 200 within so many seconds."""
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(address, timeout=5) as response:  # noqa: S310 (our own address)
                return bool(response.status == 200)
        except (urllib.error.URLError, OSError):
            time.sleep(0.3)
    return False


def address_shown(host: str, port: int) -> str:
    """The address for people on this machine."""
    shown = "localhost" if host in (*EVERYWHERE, "127.0.0.1", "::1") else host
    return f"http://{shown}:{port}"


def greeting(address: str, *, demo: bool) -> str:
    """What a newcomer reads when everything runs."""
    lines = ["", f"e-BOK is running:  {address}/", ""]
    if demo:
        width = max(len(account.email) for account in ACCOUNTS)
        with translation.override("en"):
            lines += [
                f"Sign in at {address}/konto/login/ — the password of every demo account is {DEMO_PASSWORD}",
                *(f"  {account.email:<{width}}  {account.what_to_try}" for account in ACCOUNTS),
                "",
                "What to try:",
                f"  - type a street on the front page: does an outage touch it? ({address}/)",
                f"  - the same page in large letters and high contrast, and in English ({address}/en/)",
                f"  - as administrator: switch a module off and on, look at the status ({address}/admin/)",
                f"  - as redaktor: schedule an announcement for two minutes ahead ({address}/admin/)",
                f"  - letters and text messages the portal has sent: {address}/skrzynka/",
                f"  - is everything well? {address}/zdrowie/gotowe/",
                "",
            ]
    lines.append("Ctrl-C stops everything; the data stay.")
    return "\n".join(lines)
