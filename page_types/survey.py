"""Surveys (G10): questions made by the editor, answers by anybody, results for staff.

The page itself is cached like any other; the form lives at `wypelnij/`, which no cache keeps,
because it carries a token. An anonymous survey stores neither the person nor the address.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import get_token
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.contrib.routable_page.models import path as sub_route
from wagtail.models import Orderable
from wagtail.search import index

from ebok.pagecache.headers import make_private
from page_types import survey_results
from page_types.base import BasePage, BodyPage, Routed
from page_types.survey_forms import SurveyForm

MOST_CHOICES = 30
LONGEST_CHOICE = 200


class QuestionKind(models.TextChoices):
    """How a question is answered."""

    ONE = "one", _("one of several")
    MANY = "many", _("any of several")
    SCALE = "scale", _("scale from 1 to 5")
    LINE = "line", _("short text")
    TEXT = "text", _("long text")


class SurveyPage(Routed, BodyPage):
    """A survey: an introduction, questions, and what is said to those who answered."""

    is_anonymous = models.BooleanField(
        _("anonymous"),
        default=True,
        help_text=_("We store answers only: no name, no account, no address of the device."),
    )
    closes_at = models.DateTimeField(_("open until"), null=True, blank=True)
    thanks = models.TextField(
        _("thank you"),
        max_length=500,
        blank=True,
        help_text=_("Shown after sending. Empty: a short thank you."),
    )
    results_public = models.BooleanField(
        _("show results to everybody"),
        default=False,
        help_text=_("Charts of chosen answers only; written answers are never shown."),
    )

    template = "page_types/survey_page.html"
    subpage_types: ClassVar[list[str]] = []
    content_panels = [
        *BasePage.content_panels,
        FieldPanel("body", heading=_("Introduction")),
        InlinePanel("questions", label=_("Question"), heading=_("Questions"), min_num=1),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("is_anonymous"), FieldPanel("results_public")]),
                FieldPanel("closes_at"),
                FieldPanel("thanks"),
            ],
            heading=_("How it works"),
        ),
    ]
    search_fields: ClassVar[list[Any]] = [
        *BodyPage.search_fields,
        index.RelatedFields("questions", [index.SearchField("label")]),
    ]

    class Meta:
        verbose_name = _("survey")
        verbose_name_plural = _("surveys")

    @property
    def is_open(self) -> bool:
        """Whether answers are taken now."""
        return self.closes_at is None or timezone.now() < self.closes_at

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Where the form is, and how many questions there are."""
        context = super().get_context(request, *args, **kwargs)
        context["own_address"] = self.address(request) if self.path else ""
        if not kwargs.get("below"):
            context["question_count"] = self.questions.count()
        return context

    # Sub-pages ----------------------------------------------------------------------------

    @sub_route("wypelnij/")
    def fill_in(self, request: HttpRequest) -> HttpResponse:
        """The form; answers 404 when the survey is closed."""
        if not self.is_open:
            raise Http404
        questions = list(self.questions.all())
        form = SurveyForm(questions, request.POST if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid():
            if not form.is_robot:
                self.take(request, form)
            return make_private(HttpResponseRedirect(f"{self.address(request)}dziekujemy/"))
        # The token's cookie must be set even if a template forgets the field.
        get_token(request)
        return make_private(
            self._below(request, "page_types/survey_form.html", gettext("Your answers"), {"form": form})
        )

    @sub_route("dziekujemy/")
    def thank(self, request: HttpRequest) -> HttpResponse:
        """What is said after sending."""
        return self._below(request, "page_types/survey_thanks.html", gettext("Thank you"), {})

    @sub_route("wyniki/")
    def results(self, request: HttpRequest) -> HttpResponse:
        """Charts of chosen answers, when the editor shows them to everybody; else 404."""
        if not self.results_public:
            raise Http404
        summary = survey_results.summary(self, with_texts=False)
        return self._below(
            request, "page_types/survey_public_results.html", gettext("Results"), {"summary": summary}
        )

    def take(self, request: HttpRequest, form: SurveyForm) -> SurveyAnswer:
        """Store one valid form. Who sent it is stored only when the survey is not anonymous."""
        user = getattr(request, "user", None)
        known = not self.is_anonymous and user is not None and user.is_authenticated
        with transaction.atomic():
            return SurveyAnswer.objects.create(
                page=self,
                # An exact moment could be matched with the server's log.
                sent_on=timezone.localdate(),
                answers=form.answers(),
                user=user if known else None,
            )

    def _below(self, request: HttpRequest, template: str, crumb: str, extra: dict[str, Any]) -> HttpResponse:
        context = self.get_context(request, below=True)
        crumbs = [*context["crumbs"][:-1], (self.title, context["own_address"]), (crumb, "")]
        response: HttpResponse = self.render(
            request,
            template=template,
            context_overrides={**context, "title": f"{crumb}: {self.title}", "crumbs": crumbs, **extra},
        )
        return response


class SurveyQuestion(Orderable):
    """One question."""

    page = ParentalKey(SurveyPage, on_delete=models.CASCADE, related_name="questions")
    label = models.CharField(_("question"), max_length=250)
    hint = models.CharField(_("hint"), max_length=250, blank=True)
    kind = models.CharField(_("answered by"), max_length=6, choices=QuestionKind, default=QuestionKind.ONE)
    choices = models.TextField(
        _("answers to choose from"), blank=True, help_text=_("One on each line; only for choosing.")
    )
    low_label = models.CharField(_("words at 1"), max_length=60, blank=True)
    high_label = models.CharField(_("words at 5"), max_length=60, blank=True)
    required = models.BooleanField(_("must be answered"), default=False)

    panels = [
        FieldPanel("label"),
        FieldPanel("hint"),
        FieldRowPanel([FieldPanel("kind"), FieldPanel("required")]),
        FieldPanel("choices"),
        FieldRowPanel([FieldPanel("low_label"), FieldPanel("high_label")]),
    ]

    class Meta(Orderable.Meta):
        verbose_name = _("question")
        verbose_name_plural = _("questions")

    def __str__(self) -> str:
        return self.label

    @property
    def options(self) -> list[str]:
        """The answers to choose from, as typed, empty lines left out."""
        return [line.strip() for line in self.choices.splitlines() if line.strip()]

    @property
    def key(self) -> str:
        """The question's name in the form and in stored answers; stays when it is reworded."""
        return f"p{self.pk}"

    def clean(self) -> None:
        """A question to choose from needs at least two different answers."""
        super().clean()
        if self.kind not in {QuestionKind.ONE, QuestionKind.MANY}:
            return
        options = self.options
        if len(options) < 2 or len(set(options)) != len(options):
            raise ValidationError({"choices": _("Write at least two different answers, one on each line.")})
        if len(options) > MOST_CHOICES or max(map(len, options)) > LONGEST_CHOICE:
            raise ValidationError(
                {"choices": _("At most 30 answers of at most 200 characters can be chosen from.")}
            )


class SurveyAnswer(models.Model):
    """One filled-in survey: what was answered, on which day; in an anonymous one nothing else."""

    # Thousands of rows that point nowhere an editor would ask about.
    wagtail_reference_index_ignore = True

    page = models.ForeignKey(SurveyPage, on_delete=models.CASCADE, related_name="answers")
    sent_on = models.DateField(_("sent on"))
    answers = models.JSONField(_("answers"), default=dict)
    user = models.ForeignKey(
        "accounts.User",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("who"),
    )

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        ordering = ("pk",)
        indexes = [models.Index(fields=("page", "id"), name="survey_answers")]

    def __str__(self) -> str:
        return f"{self.page_id}/{self.pk}"
