"""Application forms: which questions a visitor answers to send an application for a document."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel
from wagtail.models import DraftStateMixin, LockableMixin, Orderable, PreviewableMixin, RevisionMixin
from wagtail.search import index

from ebok_plugins.e_dokument.models.documents import DocumentTemplate

if TYPE_CHECKING:
    from django.http import HttpRequest


class QuestionKind(models.TextChoices):
    """What is asked for; decides the field a visitor sees and how the answer is checked."""

    NAME = "name", _("name of the person or company applying")
    SHORT = "short", _("short text")
    LONG = "long", _("long text")
    NUMBER = "number", _("number")
    DATE = "date", _("date")
    CHOICE = "choice", _("one of several")
    CHOICES = "choices", _("any of several")
    CONSENT = "consent", _("consent (a box to tick)")
    EMAIL = "email", _("e-mail")
    PHONE = "phone", _("telephone")
    ADDRESS = "address", _("address")
    ATTACHMENT = "attachment", _("attachment")


WITH_OPTIONS = frozenset({QuestionKind.CHOICE, QuestionKind.CHOICES})


def new_key() -> str:
    """A name for a question that survives renaming and reordering."""
    return secrets.token_hex(4)


class ApplicationForm(
    DraftStateMixin, LockableMixin, RevisionMixin, PreviewableMixin, index.Indexed, ClusterableModel
):
    """An online application; visitors reach it from the document's page while both are published."""

    title = models.CharField(_("title"), max_length=160)
    template = models.OneToOneField(
        DocumentTemplate,
        on_delete=models.PROTECT,
        related_name="application_form",
        verbose_name=_("document"),
    )
    intro = models.TextField(
        _("introduction"),
        max_length=1500,
        blank=True,
        help_text=_("What to have at hand, how long it takes."),
    )
    after = models.TextField(
        _("what happens next"),
        max_length=1000,
        blank=True,
        help_text=_("Shown when the application has been sent."),
    )

    panels = [
        FieldPanel("title"),
        FieldPanel("template"),
        FieldPanel("intro"),
        InlinePanel("questions", heading=_("Questions"), label=_("Question"), min_num=1),
        FieldPanel("after"),
    ]
    search_fields = [index.SearchField("title"), index.AutocompleteField("title"), index.FilterField("live")]

    class Meta:
        verbose_name = _("online application")
        verbose_name_plural = _("online applications")
        ordering = ("title", "pk")

    def __str__(self) -> str:
        return self.title

    def get_preview_template(self, request: HttpRequest, mode_name: str) -> str:
        """The form as visitors will see it."""
        return "e_dokument/public/apply.html"

    def get_preview_context(self, request: HttpRequest, mode_name: str) -> dict[str, Any]:
        """The form with the draft's questions."""
        # The forms module needs these models.
        from ebok_plugins.e_dokument.forms import AnswersForm  # noqa: PLC0415 (import cycle)

        return {
            **super().get_preview_context(request, mode_name),
            "title": self.title,
            "application_form": self,
            "document": self.template,
            "form": AnswersForm(list(self.questions.all())),
            "crumbs": [(self.title, "")],
        }


class Question(Orderable):
    """One question of an online application."""

    form = ParentalKey(ApplicationForm, on_delete=models.CASCADE, related_name="questions")
    key = models.SlugField(max_length=16, default=new_key, editable=False)
    kind = models.CharField(
        _("kind"), max_length=12, choices=QuestionKind.choices, default=QuestionKind.SHORT
    )
    label = models.CharField(_("question"), max_length=250)
    help_text = models.CharField(_("hint"), max_length=300, blank=True)
    required = models.BooleanField(_("must be answered"), default=True)
    options = models.TextField(
        _("answers to choose from"),
        blank=True,
        help_text=_("One in each line; only for questions with a choice."),
    )

    panels = [
        FieldPanel("label"),
        FieldRowPanel([FieldPanel("kind"), FieldPanel("required")]),
        FieldPanel("help_text"),
        FieldPanel("options"),
    ]

    class Meta(Orderable.Meta):
        verbose_name = _("question")
        verbose_name_plural = _("questions")

    def __str__(self) -> str:
        return self.label

    @property
    def option_list(self) -> list[str]:
        """The answers to choose from, without empty lines and repetitions."""
        return list(dict.fromkeys(line.strip() for line in self.options.splitlines() if line.strip()))

    def clean(self) -> None:
        """Refuse a choice without answers to choose from."""
        super().clean()
        if self.kind in WITH_OPTIONS and len(self.option_list) < 2:
            raise ValidationError({"options": _("Write at least two answers, one in each line.")})
