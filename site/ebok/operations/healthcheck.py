"""`python -m ebok.operations.healthcheck`: asks the web server on this machine whether it is alive.

For container health checks; needs neither Django nor curl. PORT and ALLOWED_HOSTS are read from the
environment, because the portal refuses host names it does not know.
"""

from __future__ import annotations

import http.client
import os
import sys
from collections.abc import Mapping


def host_header(environment: Mapping[str, str]) -> str:
    """A host name the portal answers to; a pattern such as ".example.pl" becomes "example.pl"."""
    first = environment.get("ALLOWED_HOSTS", "").split(",")[0].strip().lstrip(".")
    return "localhost" if first in ("", "*") else first


def main(environment: Mapping[str, str] = os.environ) -> int:
    """0 when it answers with 200, 1 otherwise."""
    connection = http.client.HTTPConnection("127.0.0.1", int(environment.get("PORT", "8000")), timeout=4)
    try:
        connection.request("GET", "/zdrowie/zyje/", headers={"Host": host_header(environment)})
        return 0 if connection.getresponse().status == 200 else 1
    except (OSError, http.client.HTTPException):
        return 1
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(main())
