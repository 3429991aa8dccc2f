"""Reads. What the public may see is decided in `published`; staff reads begin with the site."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Case, Exists, IntegerField, OuterRef, Q, QuerySet, Value, When
from django.utils import timezone
from wagtail.models import Site

from ebok_plugins.e_dokument import rules
from ebok_plugins.e_dokument.models import (
    Application,
    ApplicationForm,
    Attachment,
    DocumentCategory,
    DocumentTemplate,
    DocumentVersion,
    Question,
)

PAGE_SIZE = 100
QUEUE_SIZE = 30
BADGE_LIMIT = 99


# Documents ----------------------------------------------------------------------------------


def published(site: Site, today: date | None = None) -> QuerySet[DocumentTemplate]:
    """Documents visitors of the site may see: published, not expired, with a file or an application."""
    day = today or timezone.localdate()
    form = ApplicationForm.objects.filter(template=OuterRef("pk"), live=True)
    return (
        DocumentTemplate.objects.filter(site=site, live=True)
        .exclude(valid_to__lt=day)
        .annotate(has_application=Exists(form))
        .filter(Q(file__isnull=False) | Q(has_application=True))
        .select_related("category", "file")
        .order_by("category__order", "category__name", "title", "pk")
    )


def searched(
    documents: QuerySet[DocumentTemplate], query: str, category: str = ""
) -> QuerySet[DocumentTemplate]:
    """Those that hold every word of the query; a category's address narrows them further."""
    for word in rules.search_words(query):
        documents = documents.filter(search_text__contains=word)
    return documents.filter(category__slug=category) if category else documents


def in_language_first(
    documents: QuerySet[DocumentTemplate], language: str, *, by_category: bool = True
) -> QuerySet[DocumentTemplate]:
    """Documents of the reader's language before the others, within their category unless told not to."""
    rank = Case(When(language=language, then=Value(0)), default=Value(1), output_field=IntegerField())
    category = ("category__order", "category__name") if by_category else ()
    return documents.order_by(*category, rank, "title", "pk")


@dataclass(frozen=True)
class Group:
    """A category with its documents as the list draws them."""

    category: DocumentCategory
    documents: list[DocumentTemplate]


def grouped(documents: Iterable[DocumentTemplate]) -> list[Group]:
    """Documents in the order they come, put under their categories."""
    groups: dict[int, Group] = {}
    for document in documents:
        groups.setdefault(document.category_id, Group(document.category, [])).documents.append(document)
    return list(groups.values())


def categories(site: Site) -> QuerySet[DocumentCategory]:
    """Categories that hold something visitors of the site may see."""
    return DocumentCategory.objects.filter(pk__in=published(site).order_by().values("category"))


def earlier_versions(document: DocumentTemplate) -> QuerySet[DocumentVersion]:
    """Files published before the present one, newest first."""
    return document.versions.exclude(file=document.file_id).select_related("file")


def open_form(site: Site, slug: str) -> ApplicationForm | None:
    """The published application of a published document, with the document; None when there is none."""
    return (
        ApplicationForm.objects.filter(live=True, template__in=published(site).filter(slug=slug))
        .select_related("template__category", "template__file")
        .first()
    )


def questions_of(form: ApplicationForm) -> list[Question]:
    """The published questions in their order."""
    return list(form.questions.all())


# What a visitor has sent --------------------------------------------------------------------


def token_digest(token: str) -> str:
    """What is stored of a confirmation's token."""
    return hashlib.sha256(token.encode()).hexdigest()


def sent_by_token(site: Site, token: str) -> Application | None:
    """The application whose confirmation link this is, as long as the link holds."""
    return (
        Application.objects.filter(
            site=site, token_digest=token_digest(token), token_expires_at__gt=timezone.now()
        )
        .select_related("site")
        .first()
    )


def draft_attachments(draft_key: uuid.UUID) -> list[Attachment]:
    """Files stored for an application that has not been sent yet."""
    return list(Attachment.objects.filter(draft_key=draft_key, application__isnull=True))


# What staff see -----------------------------------------------------------------------------


def applications(site: Site) -> QuerySet[Application]:
    """All applications of a site; for employees who may handle them."""
    return Application.objects.filter(site=site)


def filtered(
    rows: QuerySet[Application], *, state: str = "", query: str = "", before: int | None = None
) -> QuerySet[Application]:
    """The queue, newest first, narrowed by state and words; `before` is the key of the last row seen."""
    if state == "open":
        rows = rows.exclude(state__in=(rules.State.CLOSED, rules.State.ANSWERED))
    elif state in set(rules.State):
        rows = rows.filter(state=state)
    for word in rules.search_words(query):
        rows = rows.filter(search_text__contains=word)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    return rows.select_related("handler").order_by("-pk")


def waiting_count(site: Site) -> int:
    """How many applications nobody has taken up, counted no further than `BADGE_LIMIT`."""
    waiting = applications(site).filter(state=rules.State.NEW).order_by("-pk")
    return len(waiting.values_list("pk", flat=True)[:BADGE_LIMIT])


# What needs mending or clearing away --------------------------------------------------------


def published_without_content(site: Site) -> int:
    """Published documents that have neither a file nor an application, so nobody sees them."""
    form = ApplicationForm.objects.filter(template=OuterRef("pk"), live=True)
    empty = DocumentTemplate.objects.filter(site=site, live=True, file__isnull=True).exclude(Exists(form))
    return empty.count()


def published_after_expiry(site: Site) -> int:
    """Documents that are still published although they are no longer in force."""
    return DocumentTemplate.objects.filter(site=site, live=True, valid_to__lt=timezone.localdate()).count()


def waiting_longer_than(site: Site, period: timedelta) -> int:
    """Applications nobody has taken up for that long."""
    return applications(site).filter(state=rules.State.NEW, sent_at__lt=timezone.now() - period).count()


def unconfirmed(older_than: timedelta, newer_than: timedelta) -> QuerySet[Application]:
    """Applications whose confirmation e-mail has not gone out, in that span of age."""
    now = timezone.now()
    return Application.objects.filter(
        confirmed_at__isnull=True, sent_at__lt=now - older_than, sent_at__gt=now - newer_than
    ).exclude(email="")


def forgotten_drafts(older_than: timedelta) -> QuerySet[Attachment]:
    """Attachments of applications that were never sent."""
    return Attachment.objects.filter(application__isnull=True, stored_at__lt=timezone.now() - older_than)


def past_retention(site: Site, months: int) -> QuerySet[Application]:
    """Closed applications of the site older than its retention; none when it is 0."""
    if not months:
        return Application.objects.none()
    limit = timezone.now() - timedelta(days=round(months * 30.44))
    return applications(site).filter(state=rules.State.CLOSED, closed_at__lt=limit)
