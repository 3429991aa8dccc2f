"""Theme and organisation settings: what is refused, with which words."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import translation
from wagtail.models import Site

from ebok.accounts.models import User
from ebok.look.blocks import TileBlock
from ebok.look.models import COLOURS, OrganisationSettings, ThemeSettings, phone_href

pytestmark = pytest.mark.django_db


@pytest.fixture
def site(db: None) -> Site:
    """The default site."""
    return Site.objects.get(is_default_site=True)


def theme(site: Site, **values: Any) -> ThemeSettings:
    """Unsaved theme settings of the site."""
    return ThemeSettings(site=site, **values)


@pytest.mark.feature("J02")
def test_the_default_look_is_accepted(site: Site) -> None:
    theme(site).full_clean()


@pytest.mark.feature("J02")
def test_a_pair_that_cannot_be_read_is_refused_with_a_sentence(site: Site) -> None:
    with translation.override("pl"), pytest.raises(ValidationError) as caught:
        theme(site, on_brand="#6b808b").full_clean()
    sentences = caught.value.message_dict["on_brand"]
    assert sentences[0].startswith("„tekst na kolorze marki” i „kolor marki” za mało się różnią")
    assert re.search(r"kontrast to \d,\d\d, a potrzeba co najmniej 4,5", sentences[0])


@pytest.mark.parametrize("wrong", ["red", "#12", "url(x)", "#0b6070;}body{", "#0b60701"])
def test_only_colours_get_into_the_stylesheet(site: Site, wrong: str) -> None:
    with pytest.raises(ValidationError):
        theme(site, brand=wrong).full_clean()
    assert wrong not in theme(site, brand=wrong).css


def tile(number: int) -> tuple[str, dict[str, Any]]:
    """A tile that leads somewhere."""
    return ("tile", {"icon": "card", "title": f"Zapłać {number}", "address": "/moje-konto/"})


@pytest.mark.parametrize(("count", "fine"), [(0, True), (1, False), (3, False), (4, True)])
def test_the_home_page_has_four_tiles_or_none(site: Site, count: int, fine: bool) -> None:
    settings = theme(site)
    settings.tiles = [tile(number) for number in range(count)]
    if fine:
        settings.full_clean()
    else:
        with pytest.raises(ValidationError) as caught:
            settings.full_clean()
        assert list(caught.value.message_dict) == ["tiles"]


@pytest.mark.parametrize(
    ("values", "fine"),
    [
        ({"address": "/moje-konto/"}, True),
        ({"address": "https://lipowo.example/"}, True),
        ({"address": "tel:994"}, True),
        ({"address": "javascript:alert(1)"}, False),
        ({"address": "lipowo.example"}, False),
        ({"address": ""}, False),
    ],
)
def test_tiles_lead_to_safe_addresses(values: dict[str, str], fine: bool) -> None:
    block = TileBlock()
    value = block.to_python({"icon": "card", "title": "Zapłać", **values})
    if fine:
        block.clean(value)
    else:
        with pytest.raises(ValidationError):
            block.clean(value)


@pytest.mark.parametrize(
    ("typed", "kept"), [("5260001246", "526-000-12-46"), ("PL 526 000 12 46", "526-000-12-46")]
)
def test_a_right_nip_is_kept_in_one_way_of_writing(site: Site, typed: str, kept: str) -> None:
    settings = OrganisationSettings(site=site, nip=typed)
    settings.full_clean()
    assert settings.nip == kept


@pytest.mark.parametrize("typed", ["5260001247", "0000000000", "526000124", "526000124a", "٥٢٦٠٠٠١٢٤٦"])
def test_a_wrong_nip_is_refused(site: Site, typed: str) -> None:
    with pytest.raises(ValidationError) as caught:
        OrganisationSettings(site=site, nip=typed).full_clean()
    assert list(caught.value.message_dict) == ["nip"]


@pytest.mark.parametrize(
    ("written", "href"),
    [("67 200 19 90", "tel:+48672001990"), ("+48 67 200 19 90", "tel:+48672001990"), ("994", "tel:994")],
)
def test_telephone_numbers_can_be_dialled(written: str, href: str) -> None:
    assert phone_href(written) == href


@pytest.mark.feature("J02")
def test_the_administrator_changes_the_look_in_the_admin(client: Client, site: Site) -> None:
    client.force_login(
        User.objects.create_superuser(email="admin@lipowo.example", password="dluga-fraza-2026")
    )
    url = reverse("wagtailsettings:edit", args=["look", "themesettings", site.pk])
    values = {
        **COLOURS,
        "short_name": "Wodociągi Lipowo",
        "tagline": "Biuro",
        "emergency_number": "994",
        "tiles-count": "0",
    }
    refused = client.post(url, {**values, "brand": "#ffffff"})
    assert refused.status_code == 200
    assert ThemeSettings.for_site(site).brand == COLOURS["brand"]
    accepted = client.post(
        url, {**values, "brand": "#6b2f8a", "brand_strong": "#3c1450", "brand_soft": "#f3e9f8"}
    )
    assert accepted.status_code == 302
    saved = ThemeSettings.objects.get(site=site)
    assert (saved.brand, saved.short_name) == ("#6b2f8a", "Wodociągi Lipowo")


def test_theme_and_organisation_take_one_query(rf: RequestFactory, site: Site, assert_queries: Any) -> None:
    ThemeSettings.for_site(site)
    OrganisationSettings.objects.create(site=site, legal_name="Wodociągi")
    Site.clear_site_root_paths_cache()
    request = rf.get("/")
    Site.find_for_request(request)
    with assert_queries(1):
        assert OrganisationSettings.for_request(request).legal_name == "Wodociągi"
        assert ThemeSettings.for_request(request).short_name == "e-BOK"


def test_an_organisation_nobody_filled_in_is_empty(rf: RequestFactory, site: Site) -> None:
    OrganisationSettings.objects.all().delete()
    assert OrganisationSettings.for_request(rf.get("/", headers={"host": "localhost"})).legal_name == ""
