"""Filling in an application on the page: answers, files, mistakes, machines, and the confirmation."""

from __future__ import annotations

import io
import re
import uuid
from datetime import timedelta
from typing import Any

import pypdf
import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from wagtail.models import Site

from ebok.journal.models import Detail, Event
from ebok.testing.letters import sent_letters
from ebok_plugins.e_dokument import sending, services
from ebok_plugins.e_dokument.models import (
    Application,
    ApplicationForm,
    Attachment,
    DocumentSettings,
    DocumentTemplate,
    QuestionKind,
)
from ebok_plugins.e_dokument.testing import PDF, make_application, make_document, make_form, png

NOW = "2026-05-14 12:00+02:00"
EVERYTHING = (
    (QuestionKind.NAME, "Imię i nazwisko", True, ""),
    (QuestionKind.SHORT, "Numer umowy", False, ""),
    (QuestionKind.LONG, "Uwagi", False, ""),
    (QuestionKind.NUMBER, "Powierzchnia", True, ""),
    (QuestionKind.DATE, "Od kiedy", True, ""),
    (QuestionKind.CHOICE, "Gdzie", True, "w domu\nw ogrodzie"),
    (QuestionKind.CHOICES, "Co", True, "woda\nścieki\ndeszczówka"),
    (QuestionKind.EMAIL, "E-mail", True, ""),
    (QuestionKind.PHONE, "Telefon", True, ""),
    (QuestionKind.ADDRESS, "Adres", True, ""),
    (QuestionKind.ATTACHMENT, "Plan", True, ""),
    (QuestionKind.CONSENT, "Dane są prawdziwe", True, ""),
)


class Visitor:
    """Somebody at the form: opens it, waits as long as a person does, sends it."""

    def __init__(self, client: Client, form: ApplicationForm) -> None:
        self.client, self.path = client, form.template.application_url
        self.names = {question.label: f"q_{question.key}" for question in form.questions.all()}
        self.key = self.open()

    def open(self) -> str:
        with time_machine.travel(NOW, tick=False):
            return str(self.client.get(self.path).context["key"])

    def send(
        self, answers: dict[str, Any], *, after: timedelta = timedelta(minutes=3), **extra: Any
    ) -> HttpResponse:
        data = {self.names[label]: value for label, value in answers.items()}
        moment = time_machine.travel(NOW, tick=False)
        with moment as clock:
            clock.shift(after)
            response = self.client.post(self.path, {sending.FIELD: self.key, **data, **extra})
        if response.context and "key" in response.context:
            self.key = str(response.context["key"])
        return response  # type: ignore[return-value]  # the test client's answer is one


@pytest.fixture
def visitor(client: Client, form: ApplicationForm) -> Visitor:
    """A visitor at the small form."""
    return Visitor(client, form)


def full_answers() -> dict[str, Any]:
    return {
        "Imię i nazwisko": "Zażółć Gęślą-Jaźń",
        "Numer umowy": '#set page(fill: red) $x$ \\ "',
        "Uwagi": "pierwszy wiersz\n\nostatni \u202e wiersz 💧",
        "Powierzchnia": "12,50",
        "Od kiedy": "2026-06-01",
        "Gdzie": "w ogrodzie",
        "Co": ["woda", "deszczówka"],
        "E-mail": "jazn@example.org",
        "Telefon": "+48 600 000 123",
        "Adres": "ul. Żabia 3, 62-998 Lipowo",
        "Plan": [SimpleUploadedFile("mój plan.png", png()), SimpleUploadedFile("umowa.pdf", PDF)],
        "Dane są prawdziwe": "on",
    }


@pytest.mark.feature("G18")
def test_every_kind_of_question_from_page_to_pdf(
    client: Client, document: DocumentTemplate, django_capture_on_commit_callbacks: Any
) -> None:
    visitor = Visitor(client, make_form(document, EVERYTHING))
    with django_capture_on_commit_callbacks(execute=True):
        response = visitor.send(full_answers())
    application = Application.objects.get()
    assert response.status_code == 302
    assert (
        response["Location"] == f"/dokumenty/wyslane/{services.confirmation_token(application.client_key)}/"
    )
    assert application.number == "W/2026/000001"
    assert (application.applicant, application.email) == ("Zażółć Gęślą-Jaźń", "jazn@example.org")
    answers = {row["label"]: row["value"] for row in application.answers}
    # Time stands still here, so files have no order.
    answers["Plan"].sort()
    assert answers == {
        "Imię i nazwisko": "Zażółć Gęślą-Jaźń",
        "Numer umowy": '#set page(fill: red) $x$ \\ "',
        "Uwagi": "pierwszy wiersz\n\nostatni \u202e wiersz 💧",
        "Powierzchnia": "12,5",
        "Od kiedy": "1 czerwca 2026",
        "Gdzie": "w ogrodzie",
        "Co": ["woda", "deszczówka"],
        "E-mail": "jazn@example.org",
        "Telefon": "+48 600 000 123",
        "Adres": "ul. Żabia 3, 62-998 Lipowo",
        "Plan": ["mój plan.png", "umowa.pdf"],
        "Dane są prawdziwe": "1",
    }
    with time_machine.travel(NOW):
        page = client.get(response["Location"])
        pdf = client.get(page.context["pdf_url"])
    assert "W/2026/000001" in page.content.decode()
    assert (page["Cache-Control"], page["Referrer-Policy"]) == ("no-store", "no-referrer")
    assert pdf["Content-Disposition"].startswith('attachment; filename="w-2026-000001.pdf"')
    read = pypdf.PdfReader(io.BytesIO(pdf.content))
    text = read.pages[0].extract_text()
    for expected in ("Zażółć Gęślą-Jaźń", "#set page(fill: red) $x$", "ul. Żabia 3", "deszczówka", "Tak"):
        assert expected in text
    root: Any = read.trailer["/Root"]
    assert (bool(root["/MarkInfo"]["/Marked"]), root["/Lang"]) == (True, "pl")
    (letter,) = sent_letters()
    assert (letter.to, letter.subject) == (["jazn@example.org"], "Mamy Twój wniosek W/2026/000001")
    assert letter.attachments[0][0] == "w-2026-000001.pdf"
    assert Application.objects.get().confirmed_at is not None


@pytest.mark.feature("K01", "G18")
def test_sending_is_journalled_without_the_answers(visitor: Visitor) -> None:
    visitor.send({"Imię i nazwisko": "Łucja Żółć"})
    event = Event.objects.get(kind="e_dokument.application_sent")
    detail = Detail.objects.get(event_id=event.pk)
    assert event.object_id == str(Application.objects.get().pk)
    assert "Łucja" not in detail.text + str(detail.payload)


def test_the_form_is_never_kept_and_has_a_token(client: Client, form: ApplicationForm) -> None:
    response = client.get(form.template.application_url)
    assert response["Cache-Control"] == "no-store"
    assert b"csrfmiddlewaretoken" in response.content
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(form.template.application_url, {}).status_code == 403


@pytest.mark.feature("G18")
def test_typed_values_and_files_survive_mistakes(visitor: Visitor) -> None:
    first = visitor.send(
        {
            "E-mail": "zły@",
            "Załącznik": [SimpleUploadedFile("plan.png", png()), SimpleUploadedFile("a.exe", b"MZ")],
        }
    )
    body = first.content.decode()
    assert "Błąd:" in body
    assert "govuk-error-summary" in body
    assert "Wypełnij to pole." in body
    assert 'value="zły@"' in body
    assert "usuń plan.png" in body
    assert "a.exe" in body
    assert (Attachment.objects.count(), Application.objects.count()) == (1, 0)
    second = visitor.send({"Imię i nazwisko": "Jan"})
    assert second.status_code == 302
    assert [row.original_name for row in Application.objects.get().attachments.all()] == ["plan.png"]


def test_a_stored_file_can_be_taken_off_by_its_owner_only(visitor: Visitor, form: ApplicationForm) -> None:
    visitor.send({"Załącznik": SimpleUploadedFile("plan.png", png())})
    attachment = Attachment.objects.get()
    stranger = Visitor(Client(), form)
    stranger.send({}, usun=[str(attachment.pk), "x", "\x00"])
    assert Attachment.objects.count() == 1
    visitor.send({}, usun=str(attachment.pk))
    assert Attachment.objects.count() == 0


def test_limits_of_files(visitor: Visitor, site: Site) -> None:
    DocumentSettings.objects.update_or_create(site=site, defaults={"attachment_count": 2})
    files = [SimpleUploadedFile(f"{number}.png", png()) for number in range(3)]
    response = visitor.send({"Imię i nazwisko": "Jan", "Załącznik": files})
    assert "Dołącz najwyżej 2 pliki." in response.content.decode()
    assert (Attachment.objects.count(), Application.objects.count()) == (0, 0)


def test_a_required_file_is_asked_for_once(client: Client, document: DocumentTemplate) -> None:
    visitor = Visitor(client, make_form(document, ((QuestionKind.ATTACHMENT, "Plan", True, ""),)))
    assert "Wybierz plik." in visitor.send({}).content.decode()
    # The name is missing nowhere, so the file alone sends the form.
    assert visitor.send({"Plan": SimpleUploadedFile("plan.png", png())}).status_code == 302


def test_a_second_click_makes_no_second_application(visitor: Visitor) -> None:
    answers = {"Imię i nazwisko": "Jan", "Załącznik": SimpleUploadedFile("plan.png", png())}
    first = visitor.send(answers)
    second = visitor.send({"Imię i nazwisko": "Jan"})
    assert first["Location"] == second["Location"]
    assert (Application.objects.count(), Attachment.objects.count()) == (1, 1)


@pytest.mark.feature("G18")
@pytest.mark.parametrize(
    ("after", "extra", "sentence"),
    [
        (timedelta(seconds=2), {}, "To poszło bardzo szybko."),
        (timedelta(minutes=3), {"strona_www": "http://spam"}, "Zostaw pole „Strona WWW” puste"),
        (timedelta(hours=13), {}, "Formularz był długo otwarty."),
    ],
)
def test_traps_refuse_and_lose_nothing(
    after: timedelta, extra: dict[str, str], sentence: str, visitor: Visitor
) -> None:
    response = visitor.send({"Imię i nazwisko": "Jan Wolny"}, after=after, **extra)
    assert sentence in response.content.decode()
    assert 'value="Jan Wolny"' in response.content.decode()
    assert Application.objects.count() == 0
    with time_machine.travel(NOW, tick=False) as clock:
        clock.shift(after + timedelta(seconds=10))
        again = visitor.client.post(
            visitor.path, {sending.FIELD: visitor.key, visitor.names["Imię i nazwisko"]: "Jan Wolny"}
        )
    assert again.status_code == 302


@pytest.mark.parametrize("key", ["", "x", "a:b:c", "\x00", "💧", "x" * 10_000])
def test_a_forged_key_sends_nothing(key: str, visitor: Visitor) -> None:
    visitor.key = key
    assert visitor.send({"Imię i nazwisko": "Jan"}).status_code == 200
    assert Application.objects.count() == 0


def test_keys_are_sealed() -> None:
    key = sending.new_key()
    read = sending.read_key(key.sealed)
    assert read is not None
    assert read.key == key.key
    sealed = key.sealed
    assert sending.read_key(("X" if sealed[0] != "X" else "Y") + sealed[1:]) is None


def test_too_many_tries_from_one_address(visitor: Visitor, site: Site) -> None:
    DocumentSettings.objects.update_or_create(site=site, defaults={"sends_per_hour": 1})
    answers = [visitor.send({}).status_code for _try in range(sending.TRIES_PER_SENDING + 1)]
    assert answers == [200] * sending.TRIES_PER_SENDING + [429]
    elsewhere = visitor.client.post(visitor.path, {}, REMOTE_ADDR="192.0.2.99")
    assert elsewhere.status_code == 200


@pytest.mark.parametrize("value", ["\x00", "x" * 100_000, "\ud800", "<script>", "-1", "9" * 400])
def test_bad_answers_are_no_error(value: str, client: Client, document: DocumentTemplate) -> None:
    visitor = Visitor(client, make_form(document, EVERYTHING))
    data = {name: value.encode("utf-8", "surrogatepass") for name in visitor.names.values()}
    response = client.post(visitor.path, {sending.FIELD: visitor.key, **data})
    assert response.status_code in (200, 400)
    assert "<script>" not in response.content.decode()
    assert Application.objects.count() == 0


def test_an_option_that_is_not_offered_is_refused(visitor: Visitor) -> None:
    response = visitor.send({"Imię i nazwisko": "Jan", "Gdzie": "na księżycu"})
    assert response.status_code == 200
    assert Application.objects.count() == 0


def test_hints_of_editors_are_text(client: Client, document: DocumentTemplate) -> None:
    form = make_form(document)
    form.questions.update(help_text="<b>pogrubione</b> & inne")
    body = client.get(document.application_url).content.decode()
    assert "&lt;b&gt;pogrubione&lt;/b&gt; &amp; inne" in body


@pytest.mark.parametrize("what", ["document", "form"])
def test_no_application_where_either_is_not_published(
    what: str, client: Client, document: DocumentTemplate, form: ApplicationForm
) -> None:
    hidden = document if what == "document" else form
    hidden.unpublish()
    assert client.get(document.application_url).status_code == 404
    assert client.post(document.application_url, {}).status_code == 404


def test_changing_the_form_leaves_sent_answers_alone(application: Application, form: ApplicationForm) -> None:
    before = application.answers
    form.questions.all().delete()
    form.title = "Inny"
    form.save()
    again = Application.objects.get()
    assert (again.answers, again.title) == (before, "Wniosek: Wniosek o wodomierz ogrodowy")


# The confirmation ----------------------------------------------------------------------------


def test_the_confirmation_is_a_secret_that_expires(client: Client, site: Site, form: ApplicationForm) -> None:
    DocumentSettings.objects.update_or_create(site=site, defaults={"link_days": 2})
    with time_machine.travel(NOW, tick=False) as clock:
        application = make_application(form, name="Tajna Osoba")
        path = f"/dokumenty/wyslane/{services.confirmation_token(application.client_key)}/"
        assert client.get(path).status_code == 200
        assert client.get(f"{path}pdf/").status_code == 200
        assert re.search(r"[0-9a-f]{64}", application.token_digest)
        assert client.get(f"/dokumenty/wyslane/{application.token_digest}/").status_code == 404
        clock.shift(timedelta(days=2, seconds=1))
        assert client.get(path).status_code == 404
        assert client.get(f"{path}pdf/").status_code == 404


def test_the_confirmation_of_another_site_is_not_found(client: Client, application: Application) -> None:
    other = Site.objects.create(hostname="inna.lipowo.example", root_page=application.site.root_page)
    Application.objects.update(site=other)
    token = services.confirmation_token(application.client_key)
    assert client.get(f"/dokumenty/wyslane/{token}/").status_code == 404


def test_attachments_have_no_public_address(client: Client, application: Application) -> None:
    attachment = application.attachments.get()
    with pytest.raises(ValueError, match="no address"):
        _ = attachment.file.url
    assert client.get(f"/media/{attachment.file.name}").status_code == 404
    assert "plan" not in str(attachment.file.name)


def test_tokens_follow_from_keys_and_differ() -> None:
    one, two = uuid.uuid4(), uuid.uuid4()
    assert services.confirmation_token(one) == services.confirmation_token(one)
    assert services.confirmation_token(one) != services.confirmation_token(two)


def test_two_documents_have_two_forms(client: Client, site: Site, form: ApplicationForm) -> None:
    other = make_form(make_document(site, "drugi", title="Drugi"))
    Visitor(client, other).send({"Imię i nazwisko": "Jan"})
    assert Application.objects.get().template == other.template
