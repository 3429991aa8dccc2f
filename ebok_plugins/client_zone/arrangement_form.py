"""The administrator's form of an arrangement: one row of fields for each card, a group, a report."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.models import Site

from ebok.customers.models import CustomerGroup
from ebok.zones.cards import OfferedCard, cards_of_zone
from ebok_plugins.client_zone import placing
from ebok_plugins.client_zone.arranging import (
    REPORT_CARD,
    ZONE,
    TooManyQueries,
    check_queries,
    shown_after,
)
from ebok_plugins.client_zone.models import CardArrangement
from ebok_plugins.client_zone.placing import Place
from ebok_plugins.client_zone.reports import REPORTS

EVERYBODY = gettext_lazy("everybody")
HIGHEST = 999


class ArrangementForm(forms.ModelForm[CardArrangement]):
    """Whom it is for, then each card: shown or not, its place, its width."""

    site = forms.ModelChoiceField(label=gettext_lazy("Site"), queryset=Site.objects.order_by("hostname"))
    group_code = forms.ChoiceField(label=gettext_lazy("Group of customers"), required=False)
    report = forms.ChoiceField(
        label=gettext_lazy("Report on the report card"),
        required=False,
        help_text=gettext_lazy("The card stands on the dashboard once a report is chosen."),
    )

    class Meta:
        model = CardArrangement
        fields = ("site", "group_code", "order", "report")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        groups = CustomerGroup.objects.order_by("name").values_list("code", "name")
        known = [("", EVERYBODY), *((code, f"{name} ({code})") for code, name in groups)]
        own = self.instance.group_code
        if own and own not in dict(known):
            known.append((own, _("%(code)s (not in the mirror now)") % {"code": own}))
        self.fields["group_code"].choices = known  # type: ignore[attr-defined]
        self.fields["report"].choices = [  # type: ignore[attr-defined]
            ("", _("none")),
            *((report.key, report.title) for report in REPORTS.values()),
        ]
        self.cards: dict[str, OfferedCard] = {card.key: card for card in cards_of_zone(ZONE)}
        stored = placing.arranged([*self.cards], placing.read_places(self.instance.places))
        for number, place in enumerate(stored, start=1):
            self._add_fields(place, number)

    def _add_fields(self, place: Place, number: int) -> None:
        card = self.cards[place.card].card
        widths = [(width, _("%(width)d of 12") % {"width": width}) for width in placing.WIDTHS]
        self.fields[f"shown-{place.card}"] = forms.BooleanField(
            label=str(card.title), required=False, initial=place.is_shown
        )
        self.fields[f"place-{place.card}"] = forms.IntegerField(
            label=_("Place of “%(card)s”") % {"card": card.title},
            min_value=1,
            max_value=HIGHEST,
            initial=number * 10,
        )
        self.fields[f"width-{place.card}"] = forms.TypedChoiceField(
            label=_("Width of “%(card)s”") % {"card": card.title},
            choices=[(0, _("as the module wants (%(width)d)") % {"width": card.width}), *widths],
            coerce=int,
            empty_value=0,  # type: ignore[arg-type]  # the stubs know text only
            required=False,
            initial=place.width,
        )

    def rows(self) -> Iterator[tuple[BoundField, BoundField, BoundField]]:
        """The three fields of each card, in the order of their places."""
        keys = [name.removeprefix("shown-") for name in self.fields if name.startswith("shown-")]
        for key in keys:
            yield self[f"shown-{key}"], self[f"place-{key}"], self[f"width-{key}"]

    def head(self) -> list[BoundField]:
        """The fields above the cards."""
        return [self[name] for name in self.Meta.fields]

    @property
    def places(self) -> list[Place]:
        """What was chosen, in the order of the numbers; equal numbers keep the order of the form."""
        data = self.cleaned_data
        keys = sorted(self.cards, key=lambda key: data[f"place-{key}"])
        return [Place(key, data[f"shown-{key}"], data[f"width-{key}"] or 0) for key in keys]

    def clean(self) -> dict[str, Any]:
        """One arrangement for a group of a site, and no more queries than a dashboard may send."""
        data: dict[str, Any] = super().clean() or {}
        if self.errors:
            return data
        same = CardArrangement.objects.filter(site=data["site"], group_code=data["group_code"])
        if same.exclude(pk=self.instance.pk).exists():
            self.add_error("group_code", _("This group has an arrangement already. Change that one."))
        if data["report"]:
            # Whoever chooses a report wants to see it.
            data[f"shown-{REPORT_CARD}"] = True
        try:
            check_queries(shown_after(data["site"], self.places, data["report"]))
        except TooManyQueries as too_many:
            self.add_error(None, too_many.sentence)
        return data
