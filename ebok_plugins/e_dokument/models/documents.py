"""Document templates, their files and what was published before."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, PublishingPanel
from wagtail.models import (
    DraftStateMixin,
    LockableMixin,
    PreviewableMixin,
    RevisionMixin,
    Site,
    WorkflowMixin,
)
from wagtail.search import index

from ebok.files.checking import DOCUMENTS
from ebok.files.names import folded
from ebok_plugins.e_dokument import rules
from ebok_plugins.e_dokument.models.admin_forms import DocumentTemplateForm
from ebok_plugins.e_dokument.storage import storage, template_path

if TYPE_CHECKING:
    from django.http import HttpRequest


class DocumentCategory(index.Indexed, models.Model):
    """A heading of the public list; one list of headings for the whole utility."""

    name = models.CharField(_("name"), max_length=80)
    name_en = models.CharField(_("name in English"), max_length=80, blank=True)
    slug = models.SlugField(_("address"), max_length=80, unique=True)
    order = models.PositiveSmallIntegerField(_("order"), default=100, help_text=_("Lower comes first."))

    panels = [
        FieldPanel("name"),
        FieldPanel("name_en"),
        FieldPanel("slug"),
        FieldPanel("order"),
    ]
    search_fields = [index.SearchField("name"), index.AutocompleteField("name")]

    class Meta:
        verbose_name = _("document category")
        verbose_name_plural = _("document categories")
        ordering = ("order", "name")

    def __str__(self) -> str:
        return self.name

    @property
    def title(self) -> str:
        """The name in the reader's language."""
        return self.name_en if (get_language() or "").startswith("en") and self.name_en else self.name


class StoredFile(models.Model):
    """A checked file; never changed once stored, so that a digest stays true."""

    wagtail_reference_index_ignore = True

    file = models.FileField(_("file"), upload_to=template_path, storage=storage, max_length=200)
    original_name = models.CharField(_("name"), max_length=255)
    extension = models.CharField(_("kind"), max_length=8)
    size = models.PositiveIntegerField(_("size in bytes"))
    sha256 = models.CharField("SHA-256", max_length=64, db_index=True)
    stored_at = models.DateTimeField(_("stored"), default=timezone.now)

    class Meta:
        verbose_name = _("file")
        verbose_name_plural = _("files")
        default_permissions = ()

    def __str__(self) -> str:
        return self.original_name

    @property
    def kind(self) -> str:
        """ "PDF"."""
        return self.extension.upper()

    @property
    def content_type(self) -> str:
        """The media type to send it with."""
        return DOCUMENTS.get(self.extension, "application/octet-stream")


class DocumentTemplate(
    WorkflowMixin,
    DraftStateMixin,
    LockableMixin,
    RevisionMixin,
    PreviewableMixin,
    index.Indexed,
    models.Model,
):
    """A form, contract template, price list or instruction that people download or fill in online.

    Publication (go-live, expiry) says when it can be seen; `valid_from` and `valid_to` say when it
    is in force. A document in force from next year may be published today.
    """

    title = models.CharField(_("title"), max_length=160)
    slug = models.SlugField(_("address"), max_length=120, help_text=_("The last part of the web address."))
    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="+", verbose_name=_("site"))
    category = models.ForeignKey(
        DocumentCategory, on_delete=models.PROTECT, related_name="documents", verbose_name=_("category")
    )
    description = models.TextField(
        _("description"),
        max_length=1000,
        blank=True,
        help_text=_("Who needs it and what for, in a sentence or two."),
    )
    file = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("file")
    )
    is_fillable = models.BooleanField(
        _("to fill in"), default=False, help_text=_("A form one can fill in on the computer.")
    )
    version = models.CharField(_("version"), max_length=40, blank=True)
    valid_from = models.DateField(_("in force from"), null=True, blank=True)
    valid_to = models.DateField(_("in force until"), null=True, blank=True)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES, default="pl")
    search_text = models.TextField(editable=False, default="")
    changed_at = models.DateTimeField(_("changed"), auto_now=True)

    panels = [
        FieldPanel("title"),
        FieldRowPanel([FieldPanel("site"), FieldPanel("category"), FieldPanel("language")]),
        FieldPanel("description"),
        MultiFieldPanel(
            [FieldPanel("upload"), FieldPanel("is_fillable"), FieldPanel("version")], heading=_("File")
        ),
        FieldRowPanel([FieldPanel("valid_from"), FieldPanel("valid_to")], heading=_("In force")),
        PublishingPanel(),
        FieldPanel("slug"),
    ]
    base_form_class = DocumentTemplateForm
    search_fields = [
        index.SearchField("title", boost=2),
        index.AutocompleteField("title"),
        index.SearchField("description"),
        index.FilterField("site"),
        index.FilterField("category"),
        index.FilterField("language"),
        index.FilterField("live"),
    ]

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ("category__order", "category__name", "title", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("site", "slug"),
                name="e_dokument_one_slug_per_site",
                violation_error_message=_("Another document of this site has this address."),
            )
        ]
        indexes = [models.Index(fields=("site", "live", "category"), name="e_dokument_public_list")]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        """Refuse a period that ends before it begins."""
        super().clean()
        if self.valid_from and self.valid_to and self.valid_to < self.valid_from:
            raise ValidationError({"valid_to": _("The last day cannot come before the first one.")})

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep what is searched in step with what is shown."""
        self.search_text = folded(f"{self.title} {self.description}")
        fields = kwargs.get("update_fields")
        if fields is not None and {"title", "description"} & set(fields):
            kwargs["update_fields"] = {*fields, "search_text"}
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        """The public page in the active language."""
        return reverse("public:e_dokument:detail", kwargs={"slug": self.slug})

    @property
    def download_url(self) -> str:
        """The address the file is downloaded from."""
        return reverse("public:e_dokument:download", kwargs={"slug": self.slug})

    @property
    def application_url(self) -> str:
        """The address of the online application; answers 404 when there is none."""
        return reverse("public:e_dokument:apply", kwargs={"slug": self.slug})

    def validity_on(self, day: date) -> rules.Validity:
        """The document's state on that day."""
        return rules.validity(self.valid_from, self.valid_to, day)

    @property
    def validity(self) -> rules.Validity:
        """The document's state today, where the utility is."""
        return self.validity_on(timezone.localdate())

    @property
    def is_upcoming(self) -> bool:
        """Whether it is published before it comes into force."""
        return self.validity is rules.Validity.UPCOMING

    def get_preview_template(self, request: HttpRequest, mode_name: str) -> str:
        """The public page shows drafts too."""
        return "e_dokument/public/detail.html"

    def get_preview_context(self, request: HttpRequest, mode_name: str) -> dict[str, Any]:
        """What the public page gets, without history and counts."""
        return {
            **super().get_preview_context(request, mode_name),
            "document": self,
            "title": self.title,
            "has_application": False,
            "history": [],
            "crumbs": [(_("Documents"), reverse("public:e_dokument:list")), (self.title, "")],
        }


class DocumentVersion(models.Model):
    """A file as it was once published; the current one is among them."""

    wagtail_reference_index_ignore = True

    template = models.ForeignKey(
        DocumentTemplate, on_delete=models.CASCADE, related_name="versions", verbose_name=_("document")
    )
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+", verbose_name=_("file"))
    version = models.CharField(_("version"), max_length=40, blank=True)
    valid_from = models.DateField(_("in force from"), null=True, blank=True)
    valid_to = models.DateField(_("in force until"), null=True, blank=True)
    published_at = models.DateTimeField(_("published"), default=timezone.now)

    class Meta:
        verbose_name = _("published version")
        verbose_name_plural = _("published versions")
        ordering = ("-published_at", "-pk")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=("template", "file"), name="e_dokument_one_version_per_file")
        ]

    def __str__(self) -> str:
        return f"{self.template}, {self.version or self.published_at:%Y-%m-%d}"


class DownloadCount(models.Model):
    """How often a document was downloaded; apart, so that publishing a revision does not reset it."""

    wagtail_reference_index_ignore = True

    template = models.OneToOneField(
        DocumentTemplate, on_delete=models.CASCADE, related_name="counter", verbose_name=_("document")
    )
    downloads = models.PositiveBigIntegerField(_("downloads"), default=0)
    last_at = models.DateTimeField(_("last download"), null=True, blank=True)

    class Meta:
        verbose_name = _("download count")
        verbose_name_plural = _("download counts")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.template}: {self.downloads}"
