"""Starting and stopping what is measured: the portal under granian, nginx, a demo database of its own."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ebok.starting import THREADS

ROOT = Path(__file__).resolve().parents[2]
WORKERS = 2
_TICKS = os.sysconf("SC_CLK_TCK")


class CannotMeasure(RuntimeError):
    """Something is missing; the message says what to do, in one sentence."""


def say(what: str) -> None:
    """Tell whoever waits what is going on; the table alone goes to the standard output."""
    print(what, file=sys.stderr, flush=True)


def require_tools(*names: str) -> None:
    """Raise `CannotMeasure` unless all programs are installed."""
    missing = [name for name in names if shutil.which(name) is None]
    if missing:
        raise CannotMeasure(
            f"The bench needs {' and '.join(missing)}: sudo apt-get install {' '.join(missing)}"
        )


@dataclass
class Server:
    """A running server and how to reach it."""

    name: str
    port: int
    process: subprocess.Popen[bytes]

    def url(self, path: str = "/") -> str:
        """Address of a path on this server."""
        return f"http://127.0.0.1:{self.port}{path}"

    def get(self, path: str = "/", **headers: str) -> tuple[int, dict[str, str], bytes]:
        """Status, headers (names in lower case) and body; server errors are answers, too."""
        request = urllib.request.Request(
            self.url(path), headers={name.replace("_", "-"): value for name, value in headers.items()}
        )
        try:
            with urllib.request.urlopen(request, timeout=30) as response:
                return response.status, {k.lower(): v for k, v in response.headers.items()}, response.read()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, {k.lower(): v for k, v in error.headers.items()}, error.read()

    def processes(self) -> list[int]:
        """Numbers of the server's process and all below it."""
        found = [self.process.pid]
        for number in found:
            for children in Path(f"/proc/{number}/task").glob("*/children"):
                found += [int(child) for child in children.read_text().split()]
        return found

    def workers(self) -> list[int]:
        """Numbers of the processes that answer."""
        return self.processes()[1:]

    def cpu_seconds(self) -> float:
        """Processor time used so far by the whole server."""
        total = 0
        for number in self.processes():
            try:
                fields = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()
            except FileNotFoundError:
                continue
            total += int(fields[11]) + int(fields[12])
        return total / _TICKS

    def memory_bytes(self) -> int:
        """Resident memory of the whole server."""
        total = 0
        for number in self.processes():
            try:
                total += int(Path(f"/proc/{number}/statm").read_text().split()[1]) * os.sysconf(
                    "SC_PAGE_SIZE"
                )
            except FileNotFoundError:
                continue
        return total

    def warm(self, paths: Iterable[str]) -> None:
        """Ask until every worker has the pages: forty answers from memory in a row."""
        for path in paths:
            in_a_row = 0
            for _ in range(2000):
                _, headers, _ = self.get(path)
                in_a_row = in_a_row + 1 if headers.get("x-cache", "HIT") == "HIT" else 0
                if in_a_row == 40:
                    break
            else:
                raise CannotMeasure(f"{path} is never answered from memory: is it a public page?")

    def stop(self) -> None:
        """End it, with all below it."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGTERM)
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(folder: Path, **more: str) -> dict[str, str]:
    """Environment of the portal on the bench's own data; what the caller has set stays."""
    return {
        "LOG_LEVEL": "ERROR",
        **os.environ,
        "DJANGO_SETTINGS_MODULE": os.environ.get("DJANGO_SETTINGS_MODULE", "ebok.settings.dev"),
        "PYTHONPATH": os.pathsep.join([str(ROOT / "site"), str(ROOT)]),
        "PYTHONWARNINGS": "ignore",
        "EBOK_RUNTIME_DIR": str(folder),
        "DATABASE_URL": f"sqlite:///{folder / 'ebok.sqlite3'}",
        "EBOK_DEMO": "1",
        **more,
    }


def prepare(folder: Path) -> None:
    """A demo database in `folder`: a copy of the one under var/ when there is one, else a new one."""
    folder.mkdir(parents=True, exist_ok=True)
    existing = ROOT / "var" / "ebok.sqlite3"
    if _has_content(existing):
        source, target = sqlite3.connect(existing), sqlite3.connect(folder / "ebok.sqlite3")
        with source, target:
            source.backup(target)
        source.close()
        target.close()
        if (ROOT / "var" / "media").is_dir():
            shutil.copytree(ROOT / "var" / "media", folder / "media", dirs_exist_ok=True)
    manage(folder, "ebok_prepare", "--demo", "--no-static")


def manage(folder: Path, *arguments: str) -> str:
    """Run a management command on the bench's data; returns what it printed."""
    done = subprocess.run(
        [sys.executable, str(ROOT / "site" / "manage.py"), *arguments],
        env=environment(folder), capture_output=True, text=True, check=False, timeout=900,
    )  # fmt: skip
    if done.returncode:
        raise CannotMeasure(f"manage.py {arguments[0]} failed: {done.stderr.strip().splitlines()[-1:]}")
    return done.stdout


@contextmanager
def portal(folder: Path, app: str = "ebok.wsgi:application", **more: str) -> Iterator[Server]:
    """The portal under granian, two workers with as many threads as in production."""
    port = free_port()
    command = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port),
        "--workers", str(WORKERS), "--blocking-threads", str(THREADS), "--no-ws", "--http", "1",
        "--backlog", "4096", "--respawn-failed-workers", "--log-level", "error", app,
    ]  # fmt: skip
    yield from _running("portal", port, command, folder, environment(folder, **more))


@contextmanager
def nginx(folder: Path, files: Path, upstream: Server) -> Iterator[tuple[Server, Server]]:
    """nginx with the same bytes as files, and nginx as a caching proxy of the portal."""
    static, proxy = free_port(), free_port()
    work = folder / "nginx"
    (work / "cache").mkdir(parents=True, exist_ok=True)
    configuration = work / "nginx.conf"
    configuration.write_text(
        _NGINX.format(
            # As root, its workers would become somebody who cannot read our files.
            user="user root;" if os.geteuid() == 0 else "",
            work=work,
            files=files,
            static=static,
            proxy=proxy,
            upstream=upstream.port,
            workers=WORKERS,
        )
    )
    command = ["nginx", "-p", str(work), "-e", str(work / "error.log"), "-c", str(configuration)]
    for server in _running("nginx, file", static, command, folder, dict(os.environ)):
        yield server, Server("nginx, cache", proxy, server.process)


def _running(name: str, port: int, command: list[str], folder: Path, env: dict[str, str]) -> Iterator[Server]:
    log = folder / f"{port}.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, cwd=ROOT, env=env, stdout=output, stderr=output, start_new_session=True
        )
    server = Server(name, port, process)
    try:
        _wait_until_up(server, log)
        yield server
    finally:
        server.stop()


def _wait_until_up(server: Server, log: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and server.process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", server.port)) == 0:
                return
        time.sleep(0.1)
    raise CannotMeasure(f"{server.name} did not start: {log.read_text(errors='replace')[-400:]}")


def _has_content(database: Path) -> bool:
    if not database.is_file():
        return False
    try:
        with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
            return bool(connection.execute("select 1 from page_types_homepage limit 1").fetchone())
    except sqlite3.Error:
        return False


_NGINX = """
{user}
worker_processes {workers};
pid {work}/nginx.pid;
daemon off;
worker_rlimit_nofile 4096;
events {{ worker_connections 2048; }}
http {{
    access_log off;
    sendfile on;
    tcp_nopush on;
    keepalive_requests 100000000;
    default_type "text/html; charset=utf-8";
    client_body_temp_path {work}/t1;
    proxy_temp_path {work}/t2;
    fastcgi_temp_path {work}/t3;
    uwsgi_temp_path {work}/t4;
    scgi_temp_path {work}/t5;
    proxy_cache_path {work}/cache keys_zone=pages:10m use_temp_path=off;
    upstream portal {{ server 127.0.0.1:{upstream}; keepalive 32; }}
    server {{
        listen 127.0.0.1:{static} backlog=4096;
        root {files};
        index index.html;
    }}
    server {{
        listen 127.0.0.1:{proxy} backlog=4096;
        location / {{
            proxy_pass http://portal;
            proxy_http_version 1.1;
            proxy_set_header Connection "";
            proxy_set_header Host $host;
            proxy_cache pages;
            proxy_cache_key "$request_uri";
            proxy_ignore_headers Vary;
            proxy_cache_lock on;
            proxy_cache_background_update on;
            proxy_cache_use_stale error timeout updating http_500 http_502 http_503 http_504;
            open_file_cache max=4096 inactive=60s;
            open_file_cache_valid 60s;
        }}
    }}
}}
"""
