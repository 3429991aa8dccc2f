"""The first administrator of a production installation, made from the command line."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Locale, Page
from wagtail.test.utils.form_data import inline_formset, nested_form_data, streamfield

from ebok.accounts import roles
from ebok.accounts.models import User
from ebok.journal.models import Detail, Event
from ebok.testing.letters import sent_letters
from ebok.testing.people import PASSWORD
from page_types.home import HomePage
from tests.database import ROOT

pytestmark = pytest.mark.django_db
NEW = "Zupełnie-Inne-2026"


def make(*arguments: str, password: str = NEW, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{password}\n"))
    out = io.StringIO()
    call_command("ebok_administrator", *arguments, "--password-stdin", stdout=out)
    return out.getvalue()


def test_the_first_administrator_signs_in_at_once(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    said = make("Jan@Example.org", "--first-name=Jan", monkeypatch=monkeypatch)
    assert said == "Jan@example.org can sign in now.\n"
    user = User.objects.get(email="Jan@example.org")
    assert (user.is_superuser, user.is_staff, user.first_name) == (True, True, "Jan")
    assert [group.name for group in user.groups.all()] == [roles.ADMINISTRATORS]
    answer = client.post("/konto/login/", {"login": "jan@example.org", "password": NEW})
    assert answer.status_code == 302
    assert client.get("/admin/moduly/").status_code == 200
    assert sent_letters() == [], "no letter stands in the way"
    [event] = Event.objects.filter(kind="accounts.administrator_made")
    assert Detail.objects.get(pk=event.pk).text == "Nadanie praw administratora poleceniem: Jan@example.org"


def test_an_existing_account_keeps_its_password(
    client: Client, client_user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    User.objects.filter(pk=client_user.pk).update(is_active=False)
    for _time in range(2):
        assert make(client_user.email.upper(), monkeypatch=monkeypatch) == (
            f"{client_user.email} is an administrator now.\n"
        )
    user = User.objects.get()
    assert (user.is_superuser, user.is_active, user.check_password(PASSWORD)) == (True, True, True)
    assert client.post("/konto/login/", {"login": user.email, "password": PASSWORD}).status_code == 302
    make(user.email, "--new-password", monkeypatch=monkeypatch)
    assert User.objects.get().check_password(NEW)


@pytest.mark.parametrize(
    ("email", "password", "sentence"),
    [
        ("not an address", NEW, "is not an e-mail address"),
        ("jan@example.org", "short", "12"),
        ("jan@example.org", "", "12"),
    ],
)
def test_what_is_refused_leaves_nothing(
    email: str, password: str, sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(CommandError, match=sentence):
        make(email, password=password, monkeypatch=monkeypatch)
    assert not User.objects.exists()


def test_a_typing_error_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter([NEW, "something else"])
    monkeypatch.setattr("getpass.getpass", lambda _prompt: next(answers))
    with pytest.raises(CommandError, match="differ"):
        call_command("ebok_administrator", "jan@example.org")
    assert not User.objects.exists()


@pytest.fixture
def production(database_copy: Callable[[], str], tmp_path: Path) -> Callable[..., str]:
    """`production("command", given="…")`: run a management command with production settings."""
    environment = {
        **{name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ},
        "DJANGO_SETTINGS_MODULE": "ebok.settings.production",
        "PYTHONPATH": os.pathsep.join([str(ROOT / "site"), str(ROOT)]),
        "DATABASE_URL": database_copy(),
        "EBOK_DATABASE_POOL": "0",
        "EBOK_RUNTIME_DIR": str(tmp_path / "runtime"),
        "SECRET_KEY": "n0t-a-secret-" * 6,
        "EBOK_JOURNAL_KEY": "n0t-a-secret-" * 4,
        "EBOK_PESEL_KEY": "n0t-a-secret-" * 3,
        "EBOK_BASE_URL": "https://ebok.example.org",
        "ALLOWED_HOSTS": "ebok.example.org",
    }

    def manage(*command: str, given: str = "") -> str:
        done = subprocess.run(
            [sys.executable, str(ROOT / "site" / "manage.py"), *command],
            env=environment,
            input=given,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    return manage


@pytest.mark.long
def test_production_from_the_command_line(production: Callable[..., str]) -> None:
    """The commands of docs/operators.md with production settings."""
    production("ebok_prepare", "--no-static")
    said = production("ebok_administrator", "jan@example.org", "--password-stdin", given=f"{NEW}\n")
    assert said == "jan@example.org can sign in now.\n"
    said = production("ebok_administrator", "JAN@example.org")
    assert said == "jan@example.org is an administrator now.\n"


ASK = f"""
import json
from django.conf import settings
from django.test import Client, override_settings
from ebok.accounts.models import User
# Static files are not gathered here.
plain_files = {{"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
override_settings(STORAGES={{**settings.STORAGES, "staticfiles": plain_files}}).enable()
User.objects.create_user("jan@example.org", "{NEW}")
client = Client(headers={{"host": "ebok.example.org"}})
through = {{"X-Forwarded-Proto": "https"}}
plain = client.get("/konto/login/?next=/moje-konto/")
page = client.get("/konto/login/", headers=through)
entered = client.post("/konto/login/", {{"login": "jan@example.org", "password": "{NEW}"}}, headers=through)
cookies = {{**page.cookies, **entered.cookies}}
print(json.dumps({{
    "plain": [plain.status_code, plain["Location"], sorted(plain.cookies)],
    "page": [page.status_code, page["Strict-Transport-Security"]],
    "entered": entered.status_code,
    "secure": {{name: bool(cookie["secure"]) for name, cookie in cookies.items()}},
    "hidden": bool(cookies[settings.SESSION_COOKIE_NAME]["httponly"]),
}}))
"""


@pytest.mark.feature("B07")
def test_nothing_goes_unencrypted(production: Callable[..., str]) -> None:
    """In production: no page and no cookie without TLS, and browsers remember that for a year."""
    said = json.loads(production("shell", "--no-imports", "-c", ASK).strip().splitlines()[-1])
    assert said["plain"] == [301, "https://ebok.example.org/konto/login/?next=/moje-konto/", []]
    assert said["page"] == [200, "max-age=31536000; includeSubDomains; preload"]
    assert said["entered"] == 302
    assert len(said["secure"]) >= 1
    assert set(said["secure"].values()) == {True}, said["secure"]
    assert said["hidden"] is True


# The first day of an editor and an administrator on a database without a demo ----------------


@pytest.fixture
def front(root_page: Page, locales: dict[str, Locale]) -> HomePage:
    """A front page nobody has published yet."""
    page = HomePage(title="Wodociągi", slug="wodociagi", locale=locales["pl"], live=False)
    root_page.add_child(instance=page)
    return page


def schedule(page: HomePage) -> dict[str, str]:
    """What the editor's form sends: published in two minutes."""
    # Typed and read in the portal's own time.
    moment = timezone.localtime() + timedelta(minutes=2)
    return nested_form_data(
        {
            **{field: getattr(page, field) for field in ("title", "slug", "hero_title", "hero_question")},
            "body": streamfield([]),
            "comments": inline_formset([]),
            "go_live_at": f"{moment:%Y-%m-%d %H:%M}",
        }
    )


@pytest.mark.feature("J03")
def test_an_editor_schedules_a_page_and_the_timer_publishes_it(
    front: HomePage, editor: User, signed_in: Callable[[User], Client]
) -> None:
    desk = signed_in(editor)
    edit = reverse("wagtailadmin_pages:edit", args=[front.pk])
    answer = desk.post(edit, {**schedule(front), "action-publish": "1"})
    assert answer.status_code == 302, answer.context["form"].errors
    front.refresh_from_db()
    assert (front.live, front.approved_schedule) == (False, True)
    with time_machine.travel(timezone.now() + timedelta(minutes=3), tick=False):
        call_command("run_periodic", "--once", verbosity=0)
    front.refresh_from_db()
    assert front.live


def test_an_editor_submits_and_an_administrator_approves(
    front: HomePage, editor: User, administrator: User, signed_in: Callable[[User], Client]
) -> None:
    """Wagtail's first workflow asks administrators too; nobody has to join "Moderators"."""
    edit = reverse("wagtailadmin_pages:edit", args=[front.pk])
    answer = signed_in(editor).post(edit, {**schedule(front), "go_live_at": "", "action-submit": "1"})
    assert answer.status_code == 302, answer.context["form"].errors
    task = front.current_workflow_state.current_task_state
    assert not front.current_workflow_state.current_task_state.task.specific.get_actions(front, editor)
    approve = reverse("wagtailadmin_pages:workflow_action", args=[front.pk, "approve", task.pk])
    assert signed_in(administrator).post(approve, {"comment": ""}).status_code in (200, 302)
    front.refresh_from_db()
    assert front.live
