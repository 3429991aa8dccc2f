"""Sample things for the contract tests, the sweep and the page walk."""

from __future__ import annotations

import io
import uuid
from collections.abc import Sequence
from typing import TYPE_CHECKING

from PIL import Image

from ebok.files.checking import CheckedFile
from ebok_plugins.e_dokument import services
from ebok_plugins.e_dokument.models import (
    Application,
    ApplicationForm,
    Attachment,
    DocumentCategory,
    DocumentTemplate,
    DocumentVersion,
    Question,
    QuestionKind,
)

if TYPE_CHECKING:
    from wagtail.models import Site

    from ebok.testing.samples import SampleWorld

PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
"""The smallest thing both detectors take for a PDF."""

Kind = tuple[str, str, bool, str]
"""Kind of question, its words, whether it must be answered, answers to choose from."""

KINDS: Sequence[Kind] = (
    (QuestionKind.NAME, "Imię i nazwisko", True, ""),
    (QuestionKind.EMAIL, "E-mail", False, ""),
    (QuestionKind.CHOICE, "Gdzie", False, "w domu\nw ogrodzie"),
    (QuestionKind.ATTACHMENT, "Załącznik", False, ""),
)


def png() -> bytes:
    """A small picture."""
    out = io.BytesIO()
    Image.new("RGB", (8, 8), "teal").save(out, "PNG")
    return out.getvalue()


def make_document(
    site: Site, slug: str = "wzor", *, content: bytes = PDF, **fields: object
) -> DocumentTemplate:
    """A published document of the site with a PDF and an earlier version."""
    category, _created = DocumentCategory.objects.get_or_create(slug="wzory", defaults={"name": "Wzory"})
    defaults: dict[str, object] = {"title": f"Wzór {slug}", "category": category, "version": "1"}
    document = DocumentTemplate(site=site, slug=slug, **{**defaults, **fields})
    document.file = services.store_file(CheckedFile(f"{slug}.pdf", "pdf", content))
    document.save()
    services.remember_version(document)
    return document


def make_form(document: DocumentTemplate, kinds: Sequence[Kind] = KINDS) -> ApplicationForm:
    """A published application for the document."""
    form = ApplicationForm(title=f"Wniosek: {document.title}", template=document, live=True)
    form.questions = [
        Question(sort_order=place, kind=kind, label=label, required=required, options=options)
        for place, (kind, label, required, options) in enumerate(kinds)
    ]
    form.save()
    return form


def make_application(form: ApplicationForm, name: str = "Jan Próbny", email: str = "") -> Application:
    """An application that was sent, with a picture attached."""
    key = uuid.uuid4()
    questions = {question.kind: question.key for question in form.questions.all()}
    if QuestionKind.ATTACHMENT in questions:
        services.keep_attachment(
            CheckedFile("plan.png", "png", png()),
            draft_key=key,
            question_key=questions[QuestionKind.ATTACHMENT],
        )
    answers: dict[str, str | list[str]] = {}
    if QuestionKind.NAME in questions:
        answers[questions[QuestionKind.NAME]] = name
    if QuestionKind.EMAIL in questions:
        answers[questions[QuestionKind.EMAIL]] = email
    application, _is_new = services.submit(services.Sending(form=form, client_key=key, answers=answers))
    return application


def populate(world: SampleWorld, count: int) -> None:
    """Documents with applications, each sent once, and an earlier version of each."""
    for place in range(count):
        document = make_document(world.site, f"wzor-{place}", content=PDF + b"%% %d" % place)
        document.file = services.store_file(
            CheckedFile("nowy.pdf", "pdf", b"%PDF-1.7\n" + b"2" * place + PDF)
        )
        document.save()
        services.remember_version(document)
        make_application(make_form(document), name=world.secret)


def url_arguments(world: SampleWorld) -> dict[str, dict[str, object]]:
    """One of each for the addresses."""
    document = DocumentTemplate.objects.filter(site=world.site).order_by("pk")[0]
    application = Application.objects.filter(template=document)[0]
    version = DocumentVersion.objects.filter(template=document).exclude(file=document.file_id)[0]
    attachment = Attachment.objects.filter(application=application)[0]
    slug: dict[str, object] = {"slug": document.slug}
    pk: dict[str, object] = {"pk": application.pk}
    token: dict[str, object] = {"token": services.confirmation_token(application.client_key)}
    return {
        **{f"public:e_dokument:{name}": slug for name in ("detail", "download", "apply")},
        **{f"public:e_dokument:{name}": token for name in ("sent", "sent_pdf")},
        "public:e_dokument:download_version": {**slug, "version": version.pk},
        **{
            f"employee:e_dokument:{name}": pk
            for name in ("application", "take_over", "change_state", "add_note", "reply", "pdf")
        },
        "employee:e_dokument:attachment": {**pk, "attachment": attachment.pk},
    }
