"""Asks the node directly, machine to machine."""

from __future__ import annotations

import requests

from ebok.ports import IdentityUnavailable
from ebok_plugins.login_gov_pl.saml.parsing import LARGEST

SECONDS = (3, 5)
"""To connect, and between two pieces of the answer."""
HEADERS = {
    "Content-Type": "text/xml; charset=utf-8",
    "SOAPAction": '"http://www.oasis-open.org/committees/security"',
}


def ask(address: str, message: bytes) -> bytes:
    """The node's answer. Raises `IdentityUnavailable`.

    No redirect is followed: an answer counts only from the address the operator has named.
    """
    try:
        with requests.post(
            address, data=message, headers=HEADERS, timeout=SECONDS, allow_redirects=False, stream=True
        ) as answer:
            if answer.status_code != requests.codes.ok:
                raise IdentityUnavailable(f"{address} answers {answer.status_code}")
            return answer.raw.read(LARGEST + 1, decode_content=True)
    except (requests.RequestException, OSError) as error:
        raise IdentityUnavailable(f"{address}: {type(error).__name__}") from error
