"""How cards stand on the dashboard: as the utility arranged them for a group, as a person did (K20-K22)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import Site


class CardArrangement(models.Model):
    """The cards of one group of customers on one site.

    `places` lists cards in their order: `[{"card": "client_zone-balance", "shown": true, "width": 7}]`. Cards
    that are not in it (of modules switched on later) follow in their own order. A customer in several groups
    gets the arrangement with the lowest `order`.
    """

    site = models.ForeignKey(Site, verbose_name=_("site"), on_delete=models.CASCADE, related_name="+")
    group_code = models.CharField(_("group of customers"), max_length=40, blank=True, default="")
    """Its code, no reference: an import may take a group away and bring it back. "" is everybody."""
    order = models.PositiveSmallIntegerField(
        _("order"),
        default=100,
        help_text=_("Of a customer's several groups the one with the lowest number counts."),
    )
    places = models.JSONField(_("cards"), default=list)
    report = models.CharField(_("report on the report card"), max_length=40, blank=True, default="")

    class Meta:
        verbose_name = _("arrangement of cards")
        verbose_name_plural = _("arrangements of cards")
        ordering = ["order", "group_code"]
        constraints = [
            models.UniqueConstraint(fields=["site", "group_code"], name="client_zone_arrangement_once")
        ]

    def __str__(self) -> str:
        return self.group_code or str(_("everybody"))


class OwnCards(models.Model):
    """What a person made of the dashboard: the order of the cards, and which are hidden.

    `places` is like that of `CardArrangement`, without widths.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("person"), on_delete=models.CASCADE, related_name="+"
    )
    site = models.ForeignKey(Site, verbose_name=_("site"), on_delete=models.CASCADE, related_name="+")
    places = models.JSONField(_("cards"), default=list)

    class Meta:
        verbose_name = _("own dashboard")
        verbose_name_plural = _("own dashboards")
        constraints = [models.UniqueConstraint(fields=["user", "site"], name="client_zone_own_cards_once")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.site_id}"
