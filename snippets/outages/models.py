"""Outages and what belongs to them. Deciding lives in `rules`, reading in `queries`."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.contrib.contenttypes.fields import GenericRelation
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.models import (
    DraftStateMixin,
    LockableMixin,
    Orderable,
    PreviewableMixin,
    RevisionMixin,
    Site,
    WorkflowMixin,
)
from wagtail.search import index

from ebok.look.positions import Positioned
from snippets.outages import presentation, rules
from snippets.outages.numbers import Numbers, NumbersError, parse_numbers
from snippets.outages.site_settings import OutageSettings
from snippets.outages.street import Street

if TYPE_CHECKING:
    from django.http import HttpRequest


class KindChoice(models.TextChoices):
    """The four kinds of notices."""

    FAILURE = rules.Kind.FAILURE, _("failure")
    PLANNED = rules.Kind.PLANNED, _("planned work")
    RESTRICTION = rules.Kind.RESTRICTION, _("restriction")
    SUBSTITUTE_WATER = rules.Kind.SUBSTITUTE_WATER, _("substitute water")


class EffectChoice(models.TextChoices):
    """What people notice at the tap."""

    NO_WATER = rules.Effect.NO_WATER, _("no water")
    LOW_PRESSURE = rules.Effect.LOW_PRESSURE, _("lower pressure")
    CLOUDY = rules.Effect.CLOUDY, _("cloudy water")
    DO_NOT_DRINK = rules.Effect.DO_NOT_DRINK, _("water not fit to drink")
    NO_CHANGE = rules.Effect.NO_CHANGE, _("water as usual")


_UID_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"


def new_uid() -> str:
    """A public id of eight letters that cannot be misread; stands in addresses and feeds."""
    return "".join(secrets.choice(_UID_LETTERS) for _ in range(8))


class Outage(
    WorkflowMixin,
    DraftStateMixin,
    LockableMixin,
    RevisionMixin,
    PreviewableMixin,
    index.Indexed,
    ClusterableModel,
):
    """One outage notice. Everything public (page, banner, address check, feeds) is made of it.

    Polish texts are required, English ones optional: what can be generated is generated in
    both languages, and a missing English sentence is shown in Polish and marked so.
    """

    uid = models.CharField(max_length=12, unique=True, default=new_uid, editable=False)
    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="+", verbose_name=_("site"))
    kind = models.CharField(_("kind"), max_length=12, choices=KindChoice, default=KindChoice.FAILURE)
    effect = models.CharField(
        _("what people notice"), max_length=14, choices=EffectChoice, default=EffectChoice.NO_WATER
    )
    title = models.CharField(
        _("title"), max_length=140, blank=True, help_text=_("Leave empty and it is made of the streets.")
    )
    title_en = models.CharField(_("title in English"), max_length=140, blank=True)
    starts_at = models.DateTimeField(_("start"))
    expected_end = models.DateTimeField(_("expected end"), null=True, blank=True)
    ended_at = models.DateTimeField(
        _("ended"),
        null=True,
        blank=True,
        help_text=_("Fill this in when water is back. It closes the notice."),
    )
    cause = models.TextField(_("cause"), blank=True, max_length=1000)
    cause_en = models.TextField(_("cause in English"), blank=True, max_length=1000)
    advice = models.TextField(
        _("advice"), blank=True, max_length=1000, help_text=_("What to do: keep some water, run the tap…")
    )
    advice_en = models.TextField(_("advice in English"), blank=True, max_length=1000)
    override_reason = models.TextField(
        _("reason for publishing against the rules"),
        blank=True,
        max_length=1000,
        help_text=_("Needed for planned work announced late and for a long outage without a water point."),
    )

    # Worked out on save, so that lists and feeds need neither streets nor updates for them.
    headline = models.CharField(max_length=250, editable=False, default="")
    headline_en = models.CharField(max_length=250, editable=False, default="")
    places = models.CharField(max_length=250, editable=False, default="")
    places_en = models.CharField(max_length=250, editable=False, default="")
    current_end = models.DateTimeField(null=True, editable=False)
    over_at = models.DateTimeField(null=True, editable=False)

    # Facts about the notice as a whole; no revision may bring old ones back.
    withdrawn_at = models.DateTimeField(null=True, editable=False)
    sequence = models.PositiveIntegerField(default=0, editable=False)

    _revisions = GenericRelation("wagtailcore.Revision", related_query_name="outage")
    workflow_states = GenericRelation(
        "wagtailcore.WorkflowState",
        content_type_field="base_content_type",
        object_id_field="object_id",
        related_query_name="outage",
        for_concrete_model=False,
    )

    search_fields = [
        index.SearchField("headline", boost=2),
        index.AutocompleteField("headline"),
        index.SearchField("cause"),
        index.RelatedFields("streets", [index.RelatedFields("street", [index.SearchField("name")])]),
        index.FilterField("kind"),
        index.FilterField("site"),
        index.FilterField("live"),
    ]

    class Meta:
        verbose_name = _("outage notice")
        verbose_name_plural = _("outage notices")
        ordering = ("-starts_at", "-pk")
        indexes = [
            models.Index(fields=("site", "live", "over_at"), name="outage_open"),
            models.Index(fields=("site", "live", "-starts_at", "-id"), name="outage_archive"),
            models.Index(fields=("site", "withdrawn_at"), name="outage_withdrawn"),
        ]

    def __str__(self) -> str:
        return self.headline or self.title or str(self.get_kind_display())

    @property
    def revisions(self) -> Any:
        """The revisions of this notice (Wagtail asks for this beside a `GenericRelation`)."""
        return self._revisions

    def with_content_json(self, content: dict[str, Any]) -> Outage:
        """Build a revision's object, keeping what belongs to the notice as a whole."""
        other: Outage = super().with_content_json(content)
        for name in ("uid", "withdrawn_at", "sequence"):
            setattr(other, name, getattr(self, name))
        return other

    def set_derived(self) -> None:
        """Work out headline, places, current end and the moment it is over."""
        updates = sorted(self.updates.all(), key=lambda update: update.moment)
        moved = [update.new_expected_end for update in updates if update.new_expected_end]
        self.current_end = moved[-1] if moved else self.expected_end
        if self.ended_at is None:
            done = [update.moment for update in updates if update.status == UpdateStatus.DONE]
            self.ended_at = done[-1] if done else None
        self.over_at = rules.over_at(kind=self.kind, expected_end=self.current_end, ended_at=self.ended_at)
        streets = list(self.streets.all())
        for language, suffix in (("pl", ""), ("en", "_en")):
            with translation.override(language):
                places = presentation.places_of(streets)
                setattr(self, f"places{suffix}", places[:250])
                typed = getattr(self, f"title{suffix}") or (self.title if not places else "")
                setattr(self, f"headline{suffix}", (typed or presentation.headline_of(self, places))[:250])

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, and work out the derived columns unless only named columns are written."""
        if kwargs.get("update_fields") is None:
            self.set_derived()
        super().save(*args, **kwargs)

    def clean(self) -> None:
        """Refuse dates that contradict each other and a notice that names no place."""
        super().clean()
        errors: dict[str, Any] = {}
        if self.starts_at and self.expected_end and self.expected_end <= self.starts_at:
            errors["expected_end"] = _("The expected end must be later than the start.")
        if self.starts_at and self.ended_at and self.ended_at < self.starts_at:
            errors["ended_at"] = _("The outage cannot end before it starts.")
        if self.ended_at and self.ended_at > timezone.now():
            errors["ended_at"] = _("Enter the end only when it has come.")
        if self.kind == KindChoice.PLANNED and not self.expected_end:
            errors["expected_end"] = _("Planned work needs an expected end.")
        if errors:
            raise ValidationError(errors)

    def state(self, now: datetime | None = None) -> rules.State:
        """Where the outage stands at `now` (default: this moment)."""
        return rules.state_at(
            now or timezone.now(),
            starts_at=self.starts_at,
            over=self.over_at,
            withdrawn_at=self.withdrawn_at,
        )

    @property
    def preview_modes(self) -> list[tuple[str, Any]]:
        """The public page in both languages."""
        return [("pl", _("In Polish")), ("en", _("In English"))]

    def get_preview_template(self, request: HttpRequest, mode_name: str) -> str:
        """The very template the public page is made of."""
        return "snippets/outages/detail.html"

    def get_preview_context(self, request: HttpRequest, mode_name: str) -> dict[str, Any]:
        """What the public page gets; links that need the page's place in the tree are left out."""
        # Here, because the module of the page reads these models.
        from snippets.outages.detail import detail_context  # noqa: PLC0415

        context = super().get_preview_context(request, mode_name)
        self.set_derived()
        return {**context, **detail_context(self, timezone.now()), "is_preview": True}

    def serve_preview(self, request: HttpRequest, mode_name: str) -> Any:
        """Show the public page in the language asked for."""
        with translation.override(mode_name if mode_name in {"pl", "en"} else "pl"):
            response = super().serve_preview(request, mode_name)
            if hasattr(response, "render"):
                response.render()
            return response


def read_numbers(text: str) -> Numbers:
    """The numbers of a range text that was checked when it was saved; nonsense covers nothing less.

    A text nobody can read (edited past the form) counts as the whole street: warning too
    many people is the smaller harm.
    """
    try:
        return parse_numbers(text)
    except NumbersError:
        return Numbers()


def validate_numbers(text: str) -> None:
    """Refuse a range text that `numbers` cannot read."""
    try:
        parse_numbers(text)
    except NumbersError as error:
        raise ValidationError(
            _("“%(part)s” is not a house number or range. Try: 2–40 parzyste; 1–12; 3, 5, 7A."),
            params={"part": error.fragment},
        ) from error


class OutageStreet(Orderable):
    """A street of an outage, whole or by house numbers."""

    outage = ParentalKey(Outage, on_delete=models.CASCADE, related_name="streets")
    street = models.ForeignKey(Street, on_delete=models.PROTECT, related_name="+", verbose_name=_("street"))
    numbers = models.CharField(
        _("house numbers"),
        max_length=500,
        blank=True,
        validators=[validate_numbers],
        help_text=_("Empty means the whole street. Example: 2–40 parzyste; 1–12; 3, 5, 7A"),
    )

    class Meta(Orderable.Meta):
        verbose_name = _("street")
        verbose_name_plural = _("streets")

    def __str__(self) -> str:
        return f"{self.street.label} {self.numbers_label}".strip()

    @property
    def ranges(self) -> Numbers:
        """The numbers, read."""
        return read_numbers(self.numbers)

    @property
    def numbers_label(self) -> str:
        """The numbers in the active language; "whole street" where none are given."""
        return presentation.numbers_label(self.ranges)


class WaterPointKind(models.TextChoices):
    """How water is handed out."""

    TANKER = "tanker", _("water tanker")
    TAP = "tap", _("tap or hydrant")
    BOTTLES = "bottles", _("bottled water")


class WaterPoint(Positioned, Orderable):
    """A place where people get water while theirs is off."""

    outage = ParentalKey(Outage, on_delete=models.CASCADE, related_name="water_points")
    kind = models.CharField(_("kind"), max_length=8, choices=WaterPointKind, default=WaterPointKind.TANKER)
    place = models.CharField(
        _("place"), max_length=140, help_text=_("For example: corner of Lipowa and Parkowa")
    )
    place_en = models.CharField(_("place in English"), max_length=140, blank=True)
    description = models.CharField(
        _("hint"), max_length=200, blank=True, help_text=_("For example: bring a clean container")
    )
    description_en = models.CharField(_("hint in English"), max_length=200, blank=True)
    opens_at = models.DateTimeField(_("from"), null=True, blank=True)
    closes_at = models.DateTimeField(_("until"), null=True, blank=True)

    class Meta(Orderable.Meta):
        verbose_name = _("water point")
        verbose_name_plural = _("water points")

    def __str__(self) -> str:
        return self.place

    def clean(self) -> None:
        """Refuse hours that run backwards and half a position."""
        super().clean()
        if self.opens_at and self.closes_at and self.closes_at <= self.opens_at:
            raise ValidationError({"closes_at": _("The point must close after it opens.")})


class UpdateStatus(models.TextChoices):
    """The steps of a repair, in the words people read."""

    REPORTED = "reported", _("Reported")
    CREW = "crew", _("Crew on site")
    REPAIR = "repair", _("Repair under way")
    WATER_POINT = "water", _("Water point set up")
    DELAYED = "delayed", _("It will take longer")
    FLUSHING = "flushing", _("Flushing the pipes")
    DONE = "done", _("Water is back")
    NEWS = "news", _("News")


class OutageUpdate(models.Model):
    """One step of the timeline. A step with status "done" closes the outage."""

    outage = ParentalKey(Outage, on_delete=models.CASCADE, related_name="updates")
    moment = models.DateTimeField(_("when"), default=timezone.now)
    status = models.CharField(_("step"), max_length=10, choices=UpdateStatus, default=UpdateStatus.REPORTED)
    text = models.CharField(_("what happened"), max_length=300, blank=True)
    text_en = models.CharField(_("in English"), max_length=300, blank=True)
    new_expected_end = models.DateTimeField(_("new expected end"), null=True, blank=True)

    class Meta:
        verbose_name = _("update")
        verbose_name_plural = _("updates")
        ordering = ("moment", "pk")

    def __str__(self) -> str:
        return f"{self.get_status_display()} {self.moment:%Y-%m-%d %H:%M}"

    def clean(self) -> None:
        """A step has happened; what will happen belongs to the expected end."""
        super().clean()
        if self.moment and self.moment > timezone.now() + timedelta(minutes=5):
            raise ValidationError({"moment": _("A step cannot lie in the future.")})


class Message(models.TextChoices):
    """What a publication told the world (the message types of CAP)."""

    ALERT = "Alert", _("first notice")
    UPDATE = "Update", _("update")
    CANCEL = "Cancel", _("cancelled or over")


class OutagePublication(models.Model):
    """One publication of a notice: the memory behind SEQUENCE in calendars and references in CAP."""

    # Insert-only bookkeeping; nobody looks for where it is used.
    wagtail_reference_index_ignore = True

    outage = models.ForeignKey(Outage, on_delete=models.CASCADE, related_name="publications")
    sequence = models.PositiveIntegerField()
    moment = models.DateTimeField()
    starts_at = models.DateTimeField()
    message = models.CharField(max_length=6, choices=Message)
    broken_rules = models.CharField(max_length=100, blank=True, default="")
    # What was told, as `feeds.issued` keeps it: a message that went out never changes.
    facts = models.JSONField()

    class Meta:
        verbose_name = _("publication")
        verbose_name_plural = _("publications")
        ordering = ("outage_id", "sequence")
        constraints = [models.UniqueConstraint(fields=("outage", "sequence"), name="outage_publication_once")]

    def __str__(self) -> str:
        return f"{self.outage_id}/{self.sequence} {self.message}"


__all__ = [
    "EffectChoice",
    "KindChoice",
    "Message",
    "Outage",
    "OutagePublication",
    "OutageSettings",
    "OutageStreet",
    "OutageUpdate",
    "Street",
    "UpdateStatus",
    "WaterPoint",
    "WaterPointKind",
]
