"""The privacy policy. Every published wording is kept with its date and can be read for ever."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models, transaction
from django.db.models import Max
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, HelpPanel
from wagtail.contrib.routable_page.models import path as sub_route

from ebok.plugins.insets import InsetStreamField
from page_types import privacy_sample
from page_types.base import BasePage, BodyPage, Routed

TEXT = "page_types__text"


class PolicyState(models.TextChoices):
    """Whose words the policy is in (M06)."""

    DEFAULT = "default", _("Default")
    CONFIGURED = "configured", _("Configured")


def sample_body() -> list[tuple[str, str]]:
    """The text a new policy begins with."""
    return [(TEXT, privacy_sample.POLISH)]


class PrivacyPolicyPage(Routed, BodyPage):
    """The policy in force; older wordings at `wersja/<number>/`."""

    landmark = "privacy"

    body = InsetStreamField(default=sample_body, verbose_name=_("content"))

    template = "page_types/privacy_policy_page.html"
    subpage_types: ClassVar[list[str]] = []
    content_panels = [
        *BasePage.content_panels,
        HelpPanel(
            content=_(
                "Every published wording is kept with its date; readers can see what changed and when."
            ),
        ),
        FieldPanel("body"),
    ]
    search_fields: ClassVar[list[Any]] = [*BodyPage.search_fields]

    class Meta:
        verbose_name = _("privacy policy")
        verbose_name_plural = _("privacy policies")

    @property
    def state(self) -> PolicyState:
        """Default while the words are those of the sample, in either language."""
        words = [(block.block_type, _normal(block.value)) for block in self.body]
        samples = [[(TEXT, _normal(text))] for text in (privacy_sample.POLISH, privacy_sample.ENGLISH)]
        return PolicyState.DEFAULT if words in samples else PolicyState.CONFIGURED

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the kept wordings, newest first."""
        context = super().get_context(request, *args, **kwargs)
        context["own_address"] = self.address(request) if self.path else ""
        context["versions"] = list(self.versions.defer("body")) if self.pk else []
        return context

    @sub_route("wersja/<int:number>/")
    def version(self, request: HttpRequest, number: int) -> HttpResponse:
        """One wording as it was published; 404 when there was none of that number."""
        if number > 1_000_000:
            raise Http404
        kept = self.versions.filter(number=number).first()
        if kept is None:
            raise Http404
        context = self.get_context(request)
        name = gettext("Version %(number)d") % {"number": kept.number}
        crumbs = [*context["crumbs"][:-1], (self.title, context["own_address"]), (name, "")]
        return self.render(
            request,
            template="page_types/privacy_policy_version.html",
            context_overrides={"kept": kept, "title": f"{kept.title}: {name}", "crumbs": crumbs},
        )


class PrivacyPolicyVersion(models.Model):
    """A wording that was once in force. Never changed, never deleted while its page exists."""

    page = models.ForeignKey(PrivacyPolicyPage, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField(_("number"))
    published_at = models.DateTimeField(_("in force since"))
    title = models.CharField(_("title"), max_length=255)
    lead = models.TextField(_("lead"), blank=True)
    body = InsetStreamField(verbose_name=_("content"))

    class Meta:
        verbose_name = _("wording of the privacy policy")
        verbose_name_plural = _("wordings of the privacy policy")
        ordering = ("-number",)
        constraints = [models.UniqueConstraint(fields=("page", "number"), name="policy_version_once")]

    def __str__(self) -> str:
        return f"{self.title} ({self.number})"


def keep_version(sender: type[PrivacyPolicyPage], instance: PrivacyPolicyPage, **kwargs: Any) -> None:
    """Receiver of Wagtail's `page_published`: keep the wording when it differs from the last one.

    Wagtail sends the signal also when publishing is only scheduled; that is no publication.
    """
    if not instance.live:
        return
    with transaction.atomic():
        # The page's row is the lock: two publications at once get two numbers.
        PrivacyPolicyPage.objects.select_for_update().get(pk=instance.pk)
        last = instance.versions.first()
        if last is not None and _wording(last) == _wording(instance):
            return
        newest = instance.versions.aggregate(newest=Max("number"))["newest"] or 0
        PrivacyPolicyVersion.objects.create(
            page=instance,
            number=newest + 1,
            published_at=timezone.now(),
            title=instance.title,
            lead=instance.lead,
            body=instance.body,
        )


def _wording(thing: PrivacyPolicyPage | PrivacyPolicyVersion) -> tuple[str, str, list[tuple[Any, Any]]]:
    stored = thing.body.stream_block.get_prep_value(thing.body)
    return thing.title, thing.lead, [(child["type"], child["value"]) for child in stored]


def _normal(value: Any) -> str:
    """Words alone: an editor that is opened and saved adds ids and entities of its own."""
    return privacy_sample.words_of(str(getattr(value, "source", value)))
