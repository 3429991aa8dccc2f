"""What tests of the registers in the Wagtail admin share."""

from __future__ import annotations

import re

from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from ebok.accounts.models import User
from ebok.testing.people import grant, person


def staff(email: str, *rights: str) -> User:
    """Somebody who may open the Wagtail admin and has these declared rights."""
    user = person(email)
    user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    return grant(user, rights)


def text(client: Client, url: str, **filters: str) -> str:
    """The page, with plain spaces and minus signs."""
    answer = client.get(url, filters)
    assert answer.status_code == 200, answer
    return plain(answer.content.decode())


def plain(page: str) -> str:
    """With plain spaces and minus signs."""
    return page.replace("\u00a0", " ").replace("\u202f", " ").replace("\u2212", "-")


def queries(client: Client, url: str) -> list[str]:
    """The queries a page takes."""
    with CaptureQueriesContext(connection) as caught:
        assert client.get(url).status_code == 200
    return [query["sql"] for query in caught.captured_queries]


def counting(asked: list[str]) -> list[str]:
    """Those that count, or skip rows."""
    return [sql for sql in asked if re.search(r"count\s*\(|offset", sql, re.IGNORECASE)]


def link(page: str, rel: str) -> str:
    """The address of the previous or next page; "" where there is none."""
    found = re.search(rf'rel="{rel}" href="([^"]+)"', page)
    return found[1].replace("&amp;", "&") if found else ""


def wrong(page: str) -> list[str]:
    """Names of the fields at which a form says something."""
    return re.findall(r'class="error-message" id="id_(\w+)_error"', page)


def version(page: str) -> str:
    """The copy a form was made from."""
    found = re.search(r'name="version" value="([^"]+)"', page)
    assert found is not None
    return found[1]
