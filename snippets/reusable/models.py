"""The reusable inset."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.contenttypes.fields import GenericRelation
from django.db import models
from django.http import HttpRequest
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, PublishingPanel
from wagtail.models import (
    DraftStateMixin,
    LockableMixin,
    PreviewableMixin,
    RevisionMixin,
    TranslatableMixin,
    WorkflowMixin,
)
from wagtail.search import index

from ebok.plugins.insets import InsetStreamField


class ReusableInset(
    WorkflowMixin,
    DraftStateMixin,
    LockableMixin,
    RevisionMixin,
    PreviewableMixin,
    TranslatableMixin,
    index.Indexed,
    models.Model,
):
    """A named body that pages show through the inset "Reusable inset".

    A change shows at once on all of them; a draft or an expired one shows nowhere. Where it is
    used is told by Wagtail's reference index (the link "Used … times" beside it).
    """

    name = models.CharField(
        _("name"), max_length=120, help_text=_("For editors only, e.g. “Payment warning, spring 2026”.")
    )
    body = InsetStreamField(verbose_name=_("content"))

    _revisions = GenericRelation("wagtailcore.Revision", related_query_name="reusable_inset")
    workflow_states = GenericRelation(
        "wagtailcore.WorkflowState",
        content_type_field="base_content_type",
        object_id_field="object_id",
        related_query_name="reusable_inset",
        for_concrete_model=False,
    )

    panels = [FieldPanel("name"), FieldPanel("body"), PublishingPanel()]
    search_fields: ClassVar[list[Any]] = [
        index.SearchField("name", boost=2),
        index.AutocompleteField("name"),
        index.SearchField("body"),
        index.FilterField("locale_id"),
        index.FilterField("live"),
    ]

    class Meta(TranslatableMixin.Meta):
        verbose_name = _("reusable inset")
        verbose_name_plural = _("reusable insets")
        ordering = ("name", "pk")

    def __str__(self) -> str:
        return self.name

    @property
    def revisions(self) -> Any:
        """The revisions of this inset (Wagtail asks for this beside a `GenericRelation`)."""
        return self._revisions

    def get_preview_template(self, request: HttpRequest, mode_name: str) -> str:
        """A public page with nothing but the inset on it."""
        return "snippets/reusable/preview.html"

    def serve_preview(self, request: HttpRequest, mode_name: str) -> Any:
        """Show the inset in its own language."""
        with translation.override(self.locale.language_code):
            response = super().serve_preview(request, mode_name)
            if hasattr(response, "render"):
                response.render()
            return response
