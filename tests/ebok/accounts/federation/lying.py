"""An OpenID provider on this machine that can be told to lie; the honest one is `oidc-provider-mock`."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

KID = "1"


@dataclass
class Liar:
    """What the provider says next; `claims` override those of an honest token."""

    url: str = ""
    claims: dict[str, Any] = field(default_factory=dict)
    userinfo: dict[str, Any] = field(default_factory=dict)
    own_key: rsa.RSAPrivateKey = field(default_factory=lambda: rsa.generate_private_key(65537, 2048))
    signing_key: Any = None
    algorithm: str = "RS256"
    without_token: bool = False
    status: int = 200
    asked: list[str] = field(default_factory=list)

    def answer(self, path: str) -> dict[str, Any]:
        """The document at this address."""
        self.asked.append(path)
        if path.startswith("/.well-known/"):
            return {
                "issuer": self.url,
                "authorization_endpoint": f"{self.url}/authorize",
                "token_endpoint": f"{self.url}/token",
                "userinfo_endpoint": f"{self.url}/userinfo",
                "jwks_uri": f"{self.url}/jwks",
                "token_endpoint_auth_methods_supported": ["client_secret_post"],
            }
        if path == "/jwks":
            public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.own_key.public_key()))
            return {"keys": [{**public, "kid": KID, "alg": "RS256"}]}
        if path == "/userinfo":
            return {"sub": "ewa", "email": "ewa@firma.example", "email_verified": True, **self.userinfo}
        token = {"access_token": "a", "token_type": "Bearer", "expires_in": 60}
        return token if self.without_token else {**token, "id_token": self.token()}

    def token(self) -> str:
        """An ID token, honest but for what was told."""
        now = int(time.time())
        claims = {"iss": self.url, "sub": "ewa", "aud": "ebok", "iat": now, "exp": now + 60, **self.claims}
        key = self.own_key if self.signing_key is None else self.signing_key
        return jwt.encode(claims, key, algorithm=self.algorithm, headers={"kid": KID})


@contextmanager
def lying_provider() -> Iterator[Liar]:
    """Answers on a free port until the test ends."""
    liar = Liar()

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            body = json.dumps(liar.answer(self.path)).encode()
            self.send_response(liar.status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = _answer  # noqa: N815 (the names http.server asks for)

        def log_message(self, *_args: Any) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    liar.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield liar
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
