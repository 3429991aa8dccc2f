"""The register of streets."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from snippets.outages import addresses, plans


def validate_line(text: str) -> None:
    """Refuse a course that cannot be read to its end."""
    if text.split() and len(plans.read_line(text)) != len(text.split()):
        raise ValidationError(_("Write points as 52.2210,18.2510 52.2214,18.2561."))


class Street(models.Model):
    """A street of the supplied area. Typed once or imported, then only chosen.

    Streets belong to no site: two brands of one utility share the town. They are found by
    `search_key` and not through Wagtail's search index, which an import would have to fill.
    """

    # Registers hold thousands of these and nothing points out of them.
    wagtail_reference_index_ignore = True

    locality = models.CharField(_("locality"), max_length=80, blank=True)
    prefix = models.CharField(
        _("kind"), max_length=20, blank=True, default="ul.", help_text=_("ul., al., pl., os., rondo…")
    )
    name = models.CharField(_("name"), max_length=120)
    sym = models.CharField(_("TERYT locality (SYM)"), max_length=7, blank=True)
    sym_ul = models.CharField(_("TERYT street (SYM_UL)"), max_length=5, blank=True)
    line = models.TextField(
        _("course"),
        blank=True,
        max_length=4000,
        validators=[validate_line],
        help_text=_(
            "Points along the street as latitude,longitude, parted by spaces. With it the page of an "
            "outage draws a plan."
        ),
    )
    search_key = models.CharField(max_length=120, editable=False, db_index=True)
    locality_key = models.CharField(max_length=80, editable=False, default="")
    # The box around the course, so that a plan finds its neighbours without reading every course.
    south = models.FloatField(null=True, editable=False)
    north = models.FloatField(null=True, editable=False)
    west = models.FloatField(null=True, editable=False)
    east = models.FloatField(null=True, editable=False)

    class Meta:
        verbose_name = _("street")
        verbose_name_plural = _("streets")
        ordering = ("search_key", "locality_key", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("search_key", "locality_key", "prefix"),
                name="street_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.label}, {self.locality}" if self.locality else self.label

    @property
    def label(self) -> str:
        """The street with its kind: "ul. Lipowa"."""
        return f"{self.prefix} {self.name}".strip()

    def set_keys(self) -> None:
        """Work out the keys the register is searched by."""
        self.search_key = addresses.search_key(self.name)
        self.locality_key = addresses.plain(self.locality)[:80]
        box = plans.box_of(plans.read_line(self.line))
        self.south, self.west, self.north, self.east = box or (None, None, None, None)

    def clean(self) -> None:
        """Take a kind typed into the name apart, and refuse a name that leaves no key."""
        typed_prefix, name = addresses.split_prefix(self.name)
        if typed_prefix:
            self.prefix, self.name = typed_prefix, name
        self.set_keys()
        if not self.search_key:
            raise ValidationError({"name": _("Enter a name with at least one letter or digit.")})
        # Here and not through the constraint, whose columns are worked out and stand in no form.
        same = Street.objects.filter(
            search_key=self.search_key, locality_key=self.locality_key, prefix=self.prefix
        )
        if same.exclude(pk=self.pk).exists():
            raise ValidationError({"name": _("This street is in the register already.")})

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the keys in step with the name."""
        self.set_keys()
        super().save(*args, **kwargs)
