"""An address as Polish registers write it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Address(models.Model):
    """Street, house, flat, postcode, town; villages without streets leave the street empty."""

    street = models.CharField(_("street"), max_length=120, blank=True, default="")
    house = models.CharField(_("house number"), max_length=20, blank=True, default="")
    flat = models.CharField(_("flat number"), max_length=20, blank=True, default="")
    postcode = models.CharField(_("postcode"), max_length=10, blank=True, default="")
    town = models.CharField(_("town"), max_length=80, blank=True, default="")

    class Meta:
        abstract = True

    @property
    def address(self) -> str:
        """The address in one line: "ul. Lipowa 5/3, 62-200 Lipowo"."""
        number = f"{self.house}/{self.flat}" if self.flat else self.house
        first = " ".join(part for part in (self.street or self.town, number) if part)
        second = " ".join(part for part in (self.postcode, self.town) if part)
        return ", ".join(part for part in (first, second) if part)
