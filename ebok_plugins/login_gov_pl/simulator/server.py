"""The simulated node on the network: a small HTTP server with pages for people and for machines."""

from __future__ import annotations

import html
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs

from ebok_plugins.login_gov_pl.simulator.node import BadQuestion, Node
from ebok_plugins.login_gov_pl.simulator.people import PEOPLE

LARGEST = 1024 * 1024


def make_server(host: str, port: int) -> tuple[ThreadingHTTPServer, Node]:
    """A server that listens, and the node behind it."""

    class Handler(NodeHandler):
        pass

    server = ThreadingHTTPServer((host, port), Handler)
    Handler.node = Node(f"http://{host}:{server.server_port}")
    return server, Handler.node


@contextmanager
def running_node() -> Iterator[Node]:
    """A node on a free port of this machine until the block ends."""
    server, node = make_server("127.0.0.1", 0)
    thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield node
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class NodeHandler(BaseHTTPRequestHandler):
    """Four addresses: sign in, choose, resolve, sign out."""

    node: Node

    def do_POST(self) -> None:
        """Route and answer; what the node does not accept is 400 with a sentence."""
        body = self.rfile.read(min(int(self.headers.get("Content-Length") or 0), LARGEST))
        try:
            if self.path == "/login/SingleSignOnService":
                self._ask(_form(body))
            elif self.path == "/login/choose":
                self._choose(_form(body))
            elif self.path == "/login-services/idpArtifactResolutionService":
                self._send(200, self.node.resolve(body), "text/xml")
            elif self.path == "/login-services/singleLogoutService":
                self._send(200, self.node.sign_out(body), "text/xml")
            else:
                self._send(404, b"Not found")
        except (BadQuestion, ValueError, KeyError) as error:
            self._send(400, str(error).encode())

    def do_GET(self) -> None:
        """There is nothing to see without a question."""
        self._send(404, b"Not found")

    def log_message(self, *_args: Any) -> None:
        """Quiet: the portal's own log says what happens."""

    def _ask(self, form: dict[str, str]) -> None:
        name = self.node.take_question(form["SAMLRequest"], form.get("RelayState", ""))
        buttons = "".join(
            f'<p><button name="person" value="{place}">{html.escape(citizen.given_name)}'
            f" {html.escape(citizen.family_name)}, {citizen.level}</button></p>"
            for place, citizen in enumerate(PEOPLE)
        )
        self._send(200, PAGE.format(name=name, buttons=buttons).encode())

    def _choose(self, form: dict[str, str]) -> None:
        place = form["person"]
        citizen = None if place == "nobody" else PEOPLE[int(place)]
        self.send_response(303)
        self.send_header("Location", self.node.confirm(form["question"], citizen))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _send(self, status: int, body: bytes, kind: str = "text/html; charset=utf-8") -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def _form(body: bytes) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(body.decode()).items()}


PAGE = """<!doctype html><html lang="pl"><meta charset="utf-8"><title>Symulator login.gov.pl</title>
<h1>Symulator login.gov.pl</h1><p>To nie jest strona państwa. Wybierz, kogo potwierdzić.</p>
<form method="post" action="/login/choose"><input type="hidden" name="question" value="{name}">{buttons}
<p><button name="person" value="nobody">Przerwij</button></p></form></html>"""
