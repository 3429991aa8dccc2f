"""Site settings of the look: the theme and the organisation."""

from __future__ import annotations

import hashlib
from copy import copy
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.forms import TextInput
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.fields import StreamField
from wagtail.images import get_image_model_string
from wagtail.models import Site

from ebok.look import nip as nip_rules
from ebok.look.blocks import FooterColumnBlock, HoursBlock, TileBlock
from ebok.look.contrast import HEX, Fault, faults
from ebok.look.opening import Hours, clock, open_until
from ebok.plugins.site import site_of

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as Text

COLOURS = {
    "brand": "#0b6070",
    "brand_strong": "#073c48",
    "brand_soft": "#e2f1f1",
    "on_brand": "#ffffff",
    "sun": "#ffb938",
}
"""The five colours a utility may change, with the values of the design guide."""

_is_colour = RegexValidator(HEX, _("Write the colour as # and six digits or letters a–f, e.g. #0b6070."))
_is_phone = RegexValidator(r"^\+?[0-9 ()/-]{3,25}\Z", _("Write a telephone number, e.g. 67 200 19 90."))


def _colour(name: str, label: Text, help_text: Text) -> models.CharField[str, str]:
    return models.CharField(
        label, max_length=7, default=COLOURS[name], validators=[_is_colour], help_text=help_text
    )


@register_setting(icon="view")
class ThemeSettings(BaseSiteSetting):
    """Logo, names, emergency line, five colours and the four quick actions of one site."""

    # The organisation comes along: every page needs both, and a public page has few queries to spend.
    select_related = ("logo", "site__organisationsettings")

    logo = models.ForeignKey(
        get_image_model_string(),
        verbose_name=_("logo"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Shown 40 pixels high beside the name. Without one we show a drop."),
    )
    short_name = models.CharField(_("short name"), max_length=60, default="e-BOK")
    tagline = models.CharField(_("tagline"), max_length=60, default="Internetowe biuro obsługi", blank=True)
    tagline_en = models.CharField(
        _("tagline in English"), max_length=60, default="Customer office online", blank=True
    )
    emergency_label = models.CharField(_("emergency line"), max_length=60, default="Pogotowie", blank=True)
    emergency_label_en = models.CharField(
        _("emergency line in English"), max_length=60, default="Emergency line", blank=True
    )
    emergency_number = models.CharField(
        _("emergency number"), max_length=25, default="994", blank=True, validators=[_is_phone]
    )
    brand = _colour("brand", _("brand"), _("Buttons, links and marks."))
    brand_strong = _colour(
        "brand_strong", _("dark brand"), _("Dark panels, the footer, buttons under the mouse.")
    )
    brand_soft = _colour("brand_soft", _("pale brand"), _("Tinted panels and the ground of icons."))
    on_brand = _colour("on_brand", _("text on brand"), _("Letters on buttons and dark panels."))
    sun = _colour("sun", _("accent"), _("Small decorations and the button of the action bar."))
    tiles = StreamField(
        [("tile", TileBlock())],
        verbose_name=_("quick actions"),
        blank=True,
        max_num=4,
        help_text=_("Exactly four, or none: then the home page shows no tiles."),
    )

    panels = [
        MultiFieldPanel(
            [
                FieldPanel("logo"),
                FieldPanel("short_name"),
                FieldPanel("tagline"),
                FieldPanel("tagline_en"),
                FieldPanel("emergency_label"),
                FieldPanel("emergency_label_en"),
                FieldPanel("emergency_number"),
            ],
            heading=_("Name and emergency line"),
        ),
        MultiFieldPanel(
            [FieldPanel(name, widget=TextInput(attrs={"type": "color"})) for name in COLOURS],
            heading=_("Colours"),
            help_text=_("We refuse pairs of colours that people with weaker sight could not read."),
        ),
        FieldPanel("tiles"),
    ]

    class Meta:
        verbose_name = _("look of the site")
        verbose_name_plural = _("looks of sites")

    def __str__(self) -> str:
        return self.short_name

    @classmethod
    def for_request(cls, request: HttpRequest) -> ThemeSettings:
        """The settings of the request's site; the organisation's are put beside them.

        They come with the site (`ebok.plugins.site`), so this asks nothing. Each request has its own copies,
        since they carry it along. Raises Site.DoesNotExist where no site answers.
        """
        name = cls.get_cache_attr_name()
        if not hasattr(request, name):
            site = site_of(request)
            if site is None:
                raise Site.DoesNotExist
            # Where Wagtail itself has found the site, nothing came along.
            theme: ThemeSettings = site._state.fields_cache.get("themesettings") or cls.for_site(site)
            organisation = getattr(theme.site, "organisationsettings", None)
            for shared in filter(None, (theme, organisation)):
                own = copy(shared)
                own._request = request
                setattr(request, own.get_cache_attr_name(), own)
        found: ThemeSettings = getattr(request, name)
        return found

    @property
    def colours(self) -> dict[str, str]:
        """The five colours by field name."""
        return {name: getattr(self, name) for name in COLOURS}

    @property
    def has_own_colours(self) -> bool:
        """Whether any colour differs from the stylesheet's; only then pages load `css`."""
        return self.colours != COLOURS

    @cached_property
    def css(self) -> str:
        """The stylesheet with this site's colours, to be loaded after `ebok.css`.

        Inline styles are forbidden by our content security policy, so it has an address.
        """
        lines = "".join(
            f"  --eb-{name.replace('_', '-')}: {colour};\n"
            for name, colour in self.colours.items()
            if HEX.match(colour)
        )
        return f":root {{\n{lines}}}\n"

    @property
    def css_version(self) -> str:
        """Changes with the colours, so that the stylesheet can be kept for a year."""
        return hashlib.sha256(self.css.encode()).hexdigest()[:12]

    @property
    def tagline_text(self) -> str:
        """The tagline in the reader's language."""
        return _in_language(self.tagline, self.tagline_en)

    @property
    def emergency_text(self) -> str:
        """The words before the emergency number in the reader's language."""
        return _in_language(self.emergency_label, self.emergency_label_en)

    def clean(self) -> None:
        """Refuse colours that cannot be read on one another, and one, two or three tiles."""
        super().clean()
        errors: dict[str, list[ValidationError]] = {}
        for fault in faults(self.colours):
            errors.setdefault(fault.rule.field, []).append(ValidationError(_sentence(fault)))
        if 0 < len(self.tiles) < 4:
            errors["tiles"] = [ValidationError(_("The home page has room for exactly four tiles."))]
        if errors:
            raise ValidationError(errors)


@register_setting(icon="home")
class OrganisationSettings(BaseSiteSetting):
    """Who runs the portal: name, address, tax number, contact, opening hours, footer."""

    legal_name = models.CharField(_("legal name"), max_length=200, blank=True)
    street = models.CharField(_("street and number"), max_length=120, blank=True)
    postcode = models.CharField(
        _("postcode"),
        max_length=6,
        blank=True,
        validators=[RegexValidator(r"^\d{2}-\d{3}\Z", _("Write the postcode as 00-000."))],
    )
    city = models.CharField(_("town"), max_length=80, blank=True)
    access_note = models.CharField(
        _("how to get in"), max_length=120, blank=True, help_text=_("E.g. no steps, induction loop.")
    )
    nip = models.CharField(_("tax number (NIP)"), max_length=20, blank=True)
    phone = models.CharField(_("telephone"), max_length=25, blank=True, validators=[_is_phone])
    email = models.EmailField(_("e-mail"), blank=True)
    e_delivery = models.CharField(
        _("e-Doręczenia address"),
        max_length=32,
        blank=True,
        validators=[
            RegexValidator(
                r"^AE:PL-\d{5}-\d{5}-[A-Z]{5}-\d{2}\Z",
                _("Write the address as AE:PL-12345-67890-ABCDE-12."),
            )
        ],
    )
    bip_url = models.URLField(_("BIP address"), blank=True)
    opening_hours = StreamField([("hours", HoursBlock())], verbose_name=_("opening hours"), blank=True)
    footer_columns = StreamField(
        [("column", FooterColumnBlock())], verbose_name=_("footer columns"), blank=True, max_num=3
    )

    panels = [
        MultiFieldPanel(
            [
                FieldPanel("legal_name"),
                FieldPanel("street"),
                FieldPanel("postcode"),
                FieldPanel("city"),
                FieldPanel("access_note"),
                FieldPanel("nip"),
            ],
            heading=_("Organisation"),
        ),
        MultiFieldPanel(
            [FieldPanel("phone"), FieldPanel("email"), FieldPanel("e_delivery"), FieldPanel("bip_url")],
            heading=_("Contact"),
        ),
        FieldPanel("opening_hours"),
        FieldPanel("footer_columns"),
    ]

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")

    @classmethod
    def for_request(cls, request: HttpRequest) -> OrganisationSettings:
        """The settings of the request's site; one query brings the theme's too."""
        if not hasattr(request, cls.get_cache_attr_name()):
            ThemeSettings.for_request(request)
        organisation: OrganisationSettings = super().for_request(request)
        return organisation

    def __str__(self) -> str:
        return self.legal_name

    def clean(self) -> None:
        """Check the tax number and keep it in one way of writing."""
        super().clean()
        if self.nip:
            if not nip_rules.is_valid(self.nip):
                raise ValidationError({"nip": _("This NIP is not right: check its ten digits.")})
            self.nip = nip_rules.written(self.nip)

    @property
    def phone_href(self) -> str:
        """The telephone number as a `tel:` address, Polish country code added where missing."""
        return phone_href(self.phone)

    @property
    def hours(self) -> list[Hours]:
        """Opening hours in the order in which they were typed."""
        return [block.value.hours for block in self.opening_hours]

    @property
    def open_until(self) -> str:
        """ "15:30" when the office is open now, else an empty string."""
        closes = open_until(self.hours, timezone.localtime())
        return clock(closes) if closes else ""


def phone_href(number: str) -> str:
    """A `tel:` address of a number as people write it; short numbers (994) stay short."""
    digits = "".join(letter for letter in number if letter.isascii() and letter.isdigit())
    if number.strip().startswith("+"):
        return f"tel:+{digits}"
    return f"tel:+48{digits}" if len(digits) == 9 else f"tel:{digits}"


def _in_language(polish: str, english: str) -> str:
    return english if get_language() == "en" and english else polish


def _sentence(fault: Fault) -> str:
    """What is wrong with a pair of colours, for the person who chose them."""
    names = {
        "brand": _("brand"),
        "brand_strong": _("dark brand"),
        "brand_soft": _("pale brand"),
        "on_brand": _("text on brand"),
        "sun": _("accent"),
        "#ffffff": _("white"),
        "#f4f8f8": _("page background"),
        "#0f2530": _("dark text"),
        "#485d68": _("grey text"),
        "#c9e0e3": _("pale text of dark panels"),
    }
    return _(
        "“%(front)s” cannot be read well on “%(back)s”: contrast is %(ratio)s, at least %(least)s is needed. "
        "Choose a darker or a lighter shade."
    ) % {
        "front": names.get(fault.rule.front, fault.rule.front),
        "back": names.get(fault.rule.back, fault.rule.back),
        # Rounded down: 4.499 must not be shown as the 4.5 that is asked for.
        "ratio": f"{int(fault.ratio * 100) / 100:.2f}".replace(".", ","),
        "least": f"{fault.rule.least:.1f}".replace(".", ","),
    }
