"""A mail server for tests: real SMTP on this machine, with answers a test can choose."""

from __future__ import annotations

import email
import email.policy
import socketserver
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from email.message import EmailMessage

DROP = "drop"
"""An answer that is none: the connection ends."""


@dataclass
class Received:
    """One letter the server took."""

    sender: str
    recipient: str
    raw: bytes

    @property
    def parsed(self) -> EmailMessage:
        """As a mail program reads it."""
        return email.message_from_bytes(self.raw, policy=email.policy.default)

    def part(self, kind: str) -> str:
        """The text or the HTML."""
        body = self.parsed.get_body((kind,))
        assert body is not None
        return str(body.get_content())


@dataclass
class Rules:
    """What the server says: the answer to RCPT and to the end of a letter, by recipient."""

    on_rcpt: Callable[[str], str] = lambda _address: "250 OK"
    on_data: Callable[[str], str] = lambda _address: "250 OK"
    after_data: Callable[[str], None] = lambda _address: None
    """Called when a letter is stored and before the server answers."""
    letters: list[Received] = field(default_factory=list)
    connections: int = 0


class Server(socketserver.ThreadingTCPServer):
    """`with Server() as server:` listens on 127.0.0.1, `server.port`."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Session)
        self.rules = Rules()
        self.port = int(self.server_address[1])
        self._thread = threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True)

    def __enter__(self) -> Server:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.shutdown()
        self.server_close()
        self._thread.join()

    @property
    def recipients(self) -> list[str]:
        """Who got letters, in order."""
        return [letter.recipient for letter in self.rules.letters]


class Session(socketserver.StreamRequestHandler):
    """One connection."""

    server: Server

    def handle(self) -> None:
        """Answer commands until the client leaves."""
        self.server.rules.connections += 1
        sender = recipient = ""
        self.say("220 test ESMTP")
        while line := self.rfile.readline():
            word = line[:4].upper()
            if word == b"EHLO":
                self.say("250-test\r\n250-8BITMIME\r\n250 SIZE 10000000")
            elif word == b"MAIL":
                sender, recipient = address_in(line), ""
                self.say("250 OK")
            elif word == b"RCPT":
                answer = self.server.rules.on_rcpt(address_in(line))
                recipient = address_in(line) if answer.startswith("2") else ""
                if answer == DROP:
                    return
                self.say(answer)
            elif word == b"DATA":
                if not self.take(sender, recipient):
                    return
            elif word == b"QUIT":
                self.say("221 Bye")
                return
            else:
                self.say("250 OK")

    def take(self, sender: str, recipient: str) -> bool:
        """Read a letter, keep it when it is accepted; False when the connection is to end."""
        if not recipient:
            self.say("503 No recipient")
            return True
        self.say("354 Go on")
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b"..") else line)
        if not line:
            return False
        rules = self.server.rules
        answer = rules.on_data(recipient)
        if answer.startswith("2"):
            rules.letters.append(Received(sender, recipient, b"".join(lines)))
            rules.after_data(recipient)
        if answer == DROP:
            return False
        self.say(answer)
        return True

    def say(self, text: str) -> None:
        """One answer; a client that is gone does not hear it."""
        try:
            self.wfile.write(f"{text}\r\n".encode())
        except OSError:
            return


def address_in(line: bytes) -> str:
    """What stands between the angle brackets."""
    return line.decode().partition("<")[2].partition(">")[0]
