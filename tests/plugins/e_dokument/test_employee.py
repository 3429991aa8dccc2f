"""The queue in the employee zone: who sees it, what can be done, two people at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import Site

from ebok.accounts.models import User
from ebok.journal.models import Event
from ebok.testing.letters import sent_letters
from ebok_plugins.e_dokument import services
from ebok_plugins.e_dokument.models import Application, ApplicationForm, Attachment, Step
from ebok_plugins.e_dokument.models.applications import ScanState
from ebok_plugins.e_dokument.navigation import waiting
from ebok_plugins.e_dokument.testing import make_application, make_document, make_form

pytestmark = pytest.mark.usefixtures("with_employees")

QUEUE = "/pracownik/wnioski/"
SignedIn = Callable[[User], Client]


def path(application: Application, action: str = "") -> str:
    return f"{QUEUE}{application.pk}/{action}"


@pytest.fixture
def desk(handler: User, signed_in: SignedIn) -> Client:
    """The browser of an employee who handles applications."""
    return signed_in(handler)


def all_paths(application: Application) -> list[str]:
    attachment = application.attachments.get()
    actions = ("", "pdf/", f"zalacznik/{attachment.pk}/", "przejmij/", "stan/", "notatka/", "odpowiedz/")
    return [QUEUE, *(path(application, action) for action in actions)]


@pytest.mark.feature("G18")
def test_strangers_learn_nothing(
    application: Application,
    client: Client,
    client_user: User,
    employee: User,
    signed_in: SignedIn,
    enable: Callable[..., None],
) -> None:
    """Anonymous visitors are sent to sign in; a client, and an employee without the permission, see 404."""
    enable("client_zone")
    for address in all_paths(application):
        assert client.get(address).status_code == 302, address
        for person in (client_user, employee):
            browser = signed_in(person)
            for method in ("get", "post", "head", "options"):
                assert getattr(browser, method)(address).status_code == 404, (address, person, method)
    assert list(Step.objects.values_list("kind", flat=True)) == ["sent"]
    assert not Event.objects.filter(
        kind__in=("e_dokument.application_viewed", "e_dokument.attachment_downloaded")
    )


def test_applications_of_another_site_are_not_found(application: Application, desk: Client) -> None:
    other = Site.objects.create(hostname="inna.lipowo.example", root_page=application.site.root_page)
    Application.objects.update(site=other)
    assert [desk.get(address).status_code for address in all_paths(application)[1:4]] == [404, 404, 404]
    assert desk.get(QUEUE).context["rows"] == []


@pytest.mark.feature("G18")
def test_queue_and_detail_show_what_was_sent(application: Application, desk: Client) -> None:
    body = desk.get(QUEUE).content.decode()
    assert "Łucja Żółć" in body
    assert application.number in body
    detail = desk.get(path(application)).content.decode()
    for expected in ("Łucja Żółć", "lucja@example.org", "plan.png", "nie sprawdzono", "Przejmij"):
        assert expected in detail


@pytest.mark.feature("K01")
def test_opening_is_journalled(application: Application, desk: Client, handler: User) -> None:
    desk.get(path(application))
    desk.get(path(application, f"zalacznik/{application.attachments.get().pk}/")).getvalue()
    events = Event.objects.exclude(kind="e_dokument.application_sent").filter(kind__startswith="e_dokument.")
    assert [(event.kind, event.actor_id, event.object_id) for event in events.order_by("moment")] == [
        ("e_dokument.application_viewed", handler.pk, str(application.pk)),
        ("e_dokument.attachment_downloaded", handler.pk, str(application.pk)),
    ]


@pytest.mark.feature("G18")
def test_the_way_of_an_application(
    application: Application, desk: Client, handler: User, django_capture_on_commit_callbacks: Any
) -> None:
    """Taken over, noted, answered, closed: each step is in the history and in the journal."""
    desk.post(path(application, "przejmij/"), {"seen": 0})
    desk.post(path(application, "notatka/"), {"seen": 1, "text": "Sprawdzone w GIS."})
    with django_capture_on_commit_callbacks(execute=True):
        desk.post(path(application, "odpowiedz/"), {"seen": 2, "text": "Monter będzie w piątek."})
    desk.post(path(application, "stan/"), {"seen": 3, "state": "closed"})
    application.refresh_from_db()
    assert (application.state, application.handler, application.changes) == ("closed", handler, 4)
    assert application.closed_at is not None
    steps = Step.objects.filter(application=application).values_list("kind", "state", "text")
    assert list(steps) == [
        ("sent", "new", ""),
        ("taken", "in-progress", ""),
        ("note", "", "Sprawdzone w GIS."),
        ("reply", "answered", "Monter będzie w piątek."),
        ("state", "closed", ""),
    ]
    (letter,) = sent_letters()
    assert (letter.to, "Monter będzie w piątek." in letter.body) == (["lucja@example.org"], True)
    assert "GIS" not in letter.body
    kinds = (
        Event.objects.filter(actor_id=handler.pk, kind__startswith="e_dokument.")
        .order_by("moment")
        .values_list("kind", flat=True)
    )
    assert list(kinds) == [
        "e_dokument.application_taken",
        "e_dokument.application_noted",
        "e_dokument.application_replied",
        "e_dokument.application_state_changed",
    ]


@pytest.mark.feature("G18")
def test_the_second_of_two_people_is_told(
    application: Application, desk: Client, colleague: User, signed_in: SignedIn
) -> None:
    """And what was typed is still there."""
    signed_in(colleague).post(path(application, "przejmij/"), {"seen": 0})
    late = desk.post(path(application, "notatka/"), {"seen": 0, "text": "Moja długa notatka"})
    body = late.content.decode()
    assert "Zobacz ją i zdecyduj jeszcze raz." in body
    assert "Cezary Nowak" in body
    assert "Moja długa notatka" in body
    assert not Step.objects.filter(kind="note").exists()
    taking = desk.post(path(application, "przejmij/"), {"seen": 0}, follow=True)
    assert "Zobacz ją i zdecyduj jeszcze raz." in taking.content.decode()
    application.refresh_from_db()
    assert (application.handler, application.changes) == (colleague, 1)
    again = desk.post(path(application, "notatka/"), {"seen": 1, "text": "Moja długa notatka"})
    assert again.status_code == 302


@pytest.mark.parametrize(
    ("action", "data", "expected"),
    [
        ("stan/", {"seen": 0, "state": "new"}, "nie można przenieść do wybranego stanu"),
        ("stan/", {"seen": 0, "state": "nonsense"}, ""),
        ("stan/", {"seen": "x", "state": "closed"}, ""),
        ("stan/", {}, ""),
        ("notatka/", {"seen": 0, "text": ""}, "Wpisz notatkę."),
        ("notatka/", {"seen": 0, "text": "\x00"}, ""),
        ("odpowiedz/", {"seen": 0, "text": "x" * 9000}, ""),
        ("przejmij/", {"seen": "9" * 40}, ""),
    ],
)
def test_bad_decisions_change_nothing(
    action: str, data: dict[str, Any], expected: str, application: Application, desk: Client
) -> None:
    response = desk.post(path(application, action), data, follow=True)
    assert response.status_code == 200
    assert expected in response.content.decode()
    application.refresh_from_db()
    assert (application.state, application.changes) == ("new", 0)


def test_there_is_no_answer_without_an_address(form: ApplicationForm, handler: User, desk: Client) -> None:
    application = make_application(form)
    assert "Wyślij odpowiedź" not in desk.get(path(application)).content.decode()
    with pytest.raises(services.StepRefused):
        services.reply(application, text="x", by=handler, seen=0)


def test_a_closed_application_is_answered_only_after_taking_it_over(
    application: Application, handler: User
) -> None:
    services.change_state(application, state="closed", by=handler, seen=0)
    with pytest.raises(services.StepRefused):
        services.reply(application, text="x", by=handler, seen=1)
    reopened = services.take_over(application, by=handler, seen=1)
    assert (reopened.state, reopened.closed_at) == ("in-progress", None)


def test_filters_and_search(form: ApplicationForm, handler: User, desk: Client) -> None:
    first, second = make_application(form, "Łukasz Żak"), make_application(form, "Anna Maj")
    services.change_state(first, state="closed", by=handler, seen=0)

    def numbers(query: str) -> list[str]:
        return [row.number for row in desk.get(QUEUE + query).context["rows"]]

    assert numbers("") == [second.number, first.number]
    assert numbers("?stan=closed") == [first.number]
    assert numbers("?stan=open") == [second.number]
    assert numbers("?q=lukasz+zak") == [first.number]
    assert numbers(f"?q={second.number}") == [second.number]
    assert numbers("?stan=nonsense") == [second.number, first.number]
    assert "Żaden wniosek nie pasuje" in desk.get(f"{QUEUE}?q=nikt").content.decode()


def test_long_queues_are_paged_by_key(
    form: ApplicationForm, desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ebok_plugins.e_dokument.queries.QUEUE_SIZE", 2)
    sent = [make_application(form).number for _person in range(5)]
    seen, query = [], ""
    while True:
        context = desk.get(QUEUE + query).context
        seen.append([row.number for row in context["rows"]])
        if context["next_before"] is None:
            break
        query = f"?przed={context['next_before']}"
    assert seen == [[sent[4], sent[3]], [sent[2], sent[1]], [sent[0]]]


@pytest.mark.parametrize(
    "query", ["?przed=x", "?przed=-1", "?przed=" + "9" * 40, "?przed=0", "?q=%20", "?stan="]
)
def test_bad_input_is_no_error(query: str, application: Application, desk: Client) -> None:
    assert desk.get(QUEUE + query).status_code == 200
    assert desk.get(path(application) + query).status_code == 200


def test_impossible_keys_are_not_found(desk: Client, application: Application) -> None:
    assert desk.get(f"{QUEUE}{'9' * 30}/").status_code == 404
    assert desk.get(f"{QUEUE}0/").status_code == 404


def test_queue_and_detail_take_the_same_queries_for_1_and_30(form: ApplicationForm, desk: Client) -> None:
    """Of its own: the rows and the badge; the detail also the application, its files and its history."""
    seen = []
    for count in (1, 29):
        for place in range(count):
            application = make_application(form, f"Osoba {place}")
        for address in (QUEUE, path(application)):
            desk.get(address)
            with CaptureQueriesContext(connection) as captured:
                desk.get(address)
            own = sum('FROM "e_dokument_' in query["sql"] for query in captured)
            seen.append((address == QUEUE, own, len(captured)))
    assert seen[:2] == seen[2:]
    assert [own for _is_queue, own, _all in seen[:2]] == [2, 5]


@pytest.mark.parametrize(
    ("scan", "status"),
    [
        (ScanState.NOT_SCANNED, 200),
        (ScanState.CLEAN, 200),
        (ScanState.WAITING, 404),
        (ScanState.INFECTED, 404),
    ],
)
def test_attachments_are_given_only_when_harmless(
    scan: str, status: int, application: Application, desk: Client
) -> None:
    Attachment.objects.update(scan=scan)
    response = desk.get(path(application, f"zalacznik/{application.attachments.get().pk}/"))
    assert response.status_code == status
    if status == 200:
        assert response.getvalue()
        assert response["Content-Disposition"].startswith('attachment; filename="plan.png"')
        assert response["X-Content-Type-Options"] == "nosniff"


def test_an_attachment_of_another_application_is_not_found(
    application: Application, site: Site, desk: Client
) -> None:
    other = make_application(make_form(make_document(site, "inny")))
    assert desk.get(path(application, f"zalacznik/{other.attachments.get().pk}/")).status_code == 404


def test_the_badge_counts_who_waits_and_stops_at_99(
    application: Application, rf: Any, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = rf.get("/", headers={"host": "localhost"})
    assert waiting(request) == 1
    monkeypatch.setattr("ebok_plugins.e_dokument.queries.BADGE_LIMIT", 0)
    assert waiting(request) is None


def test_the_dashboard_card_lists_what_is_open(application: Application, desk: Client) -> None:
    body = desk.get("/pracownik/").content.decode()
    assert application.number in body
