"""A third party's plugin, installed from its own distribution, through everything that can happen to it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from ebok.plugins.registry import KINDS_OF_CONTRIBUTION, has_submodule, registry
from ebok.testing.samples import SampleWorld
from ebok.testing.urls import urls_of, webhook_urls
from tests.database import manage
from tests.processes import Portal
from tests.sample_plugin import TARGET

KEY = "noticeboard"
BOARD = "/tablica-ogloszen/"


def test_it_is_found() -> None:
    """Through its entry point, with what it says about itself."""
    plugin = registry.plugin(KEY)
    assert (plugin.name, plugin.version, str(plugin.kind)) == ("ebok_sample_noticeboard", "1.2.0", "module")
    assert Path(plugin.path).is_relative_to(TARGET)


def test_it_uses_every_extension_point() -> None:
    """A new kind of contribution needs an example here."""
    plugin = registry.plugin(KEY)
    unused = [
        kind
        for kind in KINDS_OF_CONTRIBUTION
        if not any(owner is plugin for owner, _ in registry.contributions(kind))
    ]
    assert unused == []
    assert {url.zone for url in urls_of(KEY)} == {"client", "employee", "mobile", "public"}
    assert [url.name for url in webhook_urls(KEY)] == ["webhooks:noticeboard:pin"]
    files = (
        "demo",
        "receivers",
        "admin_screens",
        "wagtail_hooks",
        "testing",
        "management.commands.noticeboard_count",
    )
    assert [name for name in files if not has_submodule(plugin, name)] == []
    assert plugin.settings_model


def test_switching_tells_its_receivers(
    world: SampleWorld, enable: Callable[..., None], disable: Callable[..., None]
) -> None:
    """The plugin hears the switchboard's signal."""
    from ebok_sample_noticeboard import receivers

    receivers.heard.clear()
    enable(KEY)
    disable(KEY)
    assert receivers.heard == [(KEY, True), (KEY, False)]


def test_it_cannot_be_switched_on_without_its_setting(site: object) -> None:
    """The blocker leads to the page where the heading is filled in."""
    from ebok.plugins.activation import SwitchRefused, enable

    with pytest.raises(SwitchRefused) as refused:
        enable(site, KEY)
    (blocker,) = refused.value.blockers
    assert "/noticeboard/noticeboardsettings/" in blocker.mend_url


# Two processes ---------------------------------------------------------------------------

FILL_HEADING = """
from wagtail.models import Site
from ebok_sample_noticeboard.models import NoticeboardSettings
settings = NoticeboardSettings.for_site(Site.objects.get(is_default_site=True))
settings.heading = "Tablica"
settings.save()
"""


@pytest.mark.feature("M11", "N01")
@pytest.mark.long
def test_a_switch_shows_at_once_in_two_server_processes(
    database_copy: Callable[[], str], portal: Callable[..., Portal], tmp_path: Path
) -> None:
    """Off means 404 for the next request of every process, also for pages both have cached; on restores."""
    url = database_copy()
    runtime = {"DJANGO_SETTINGS_MODULE": "ebok.settings.dev", "EBOK_RUNTIME_DIR": str(tmp_path / "portal")}
    manage(url, "shell", "-c", FILL_HEADING, sample=True, **runtime)
    manage(url, "ebok_plugins", "enable", KEY, sample=True, **runtime)
    manage(url, "ebok_plugins", "enable", "e_dokument", sample=True, **runtime)
    servers = [portal(url), portal(url)]
    pages = [BOARD, f"/en{BOARD}", "/dokumenty/", "/en/dokumenty/"]

    def answers() -> list[list[int]]:
        return [[server.get(page) for page in pages] for server in servers]

    assert answers() == [[200] * 4] * 2
    manage(url, "ebok_plugins", "disable", KEY, sample=True, **runtime)
    assert answers() == [[404, 404, 200, 200]] * 2
    manage(url, "ebok_plugins", "disable", "e_dokument", sample=True, **runtime)
    assert answers() == [[404] * 4] * 2
    manage(url, "ebok_plugins", "enable", KEY, sample=True, **runtime)
    manage(url, "ebok_plugins", "enable", "e_dokument", sample=True, **runtime)
    assert answers() == [[200] * 4] * 2


# Uninstalled -----------------------------------------------------------------------------

MAKE_PAGE = """
import json
from wagtail.models import Site
from page_types.models import StandardPage
parent = Site.objects.get(is_default_site=True).root_page
page = StandardPage(title="Wstawki", slug="wstawki")
field = next(field for field in page._meta.fields if type(field).__name__ == "InsetStreamField")
setattr(page, field.name, json.dumps([
    {"type": "noticeboard__newest", "id": "3b1c1b0e-0000-4000-8000-000000000001",
     "value": {"heading": "Z tablicy", "number": 2}},
]))
parent.add_child(instance=page)
page.save_revision().publish()
"""
EDIT_PAGE = """
from page_types.models import StandardPage
page = StandardPage.objects.get(slug="wstawki").get_latest_revision_as_object()
page.title = "Wstawki po zmianie"
page.save_revision().publish()
"""
SHOW_PAGE = """
import json
from page_types.models import StandardPage
page = StandardPage.objects.get(slug="wstawki")
field = next(field for field in page._meta.fields if type(field).__name__ == "InsetStreamField")
print(json.dumps({"title": page.title, "stored": list(getattr(page, field.name).raw_data)}))
"""


@pytest.mark.feature("J07")
@pytest.mark.long
def test_insets_outlive_an_uninstalled_plugin(database_copy: Callable[[], str]) -> None:
    """A page saved by a portal without the plugin keeps the plugin's inset, value and place."""
    url = database_copy()
    manage(url, "shell", "-c", MAKE_PAGE)
    manage(url, "shell", "-c", EDIT_PAGE, sample=False)
    shown = json.loads(manage(url, "shell", "-c", SHOW_PAGE).strip().splitlines()[-1])
    assert shown["title"] == "Wstawki po zmianie"
    assert [(block["type"], block["value"]) for block in shown["stored"]] == [
        ("noticeboard__newest", {"heading": "Z tablicy", "number": 2})
    ]


def test_tables_outlive_an_uninstalled_plugin(database_copy: Callable[[], str]) -> None:
    """A migration of a portal without the plugin touches none of its tables."""
    url = database_copy()
    manage(url, "migrate", "--verbosity=0", sample=False)
    assert "localhost: 0" in manage(url, "noticeboard_count")


# Broken editions -------------------------------------------------------------------------


@pytest.fixture
def edition(tmp_path: Path) -> Callable[[str, str], Path]:
    """`edition(old, new)`: another edition of the installed plugin, with one text in apps.py replaced."""

    def make(old: str, new: str) -> Path:
        folder = tmp_path / "edition"
        shutil.copytree(TARGET, folder)
        apps = folder / "ebok_sample_noticeboard" / "apps.py"
        assert old in apps.read_text()
        apps.write_text(apps.read_text().replace(old, new))
        return folder

    return make


SHOW_LIGHT = """
from ebok.plugins.registry import registry
print([(skipped.key, skipped.reason) for skipped in registry.skipped])
"""


@pytest.mark.feature("M11")
def test_the_wrong_core_version_is_left_out(
    database_copy: Callable[[], str], edition: Callable[[str, str], Path], portal: Callable[..., Portal]
) -> None:
    """A failed check says so, the status board has a red light, and the portal stays up."""
    url = database_copy()
    folder = edition('core = ">=0.1,<1"', 'core = ">=99"')
    assert KEY in manage(url, "shell", "-c", SHOW_LIGHT, sample=folder)
    with pytest.raises(AssertionError, match="ebok.W020"):
        manage(url, "check", "--fail-level", "WARNING", sample=folder)
    manage(url, "check", sample=folder)
    assert portal(url, sample=folder).get(BOARD) == 404


def test_an_import_error_stops_the_start_with_the_plugins_name(
    database_copy: Callable[[], str], edition: Callable[[str, str], Path]
) -> None:
    """Half a plugin is worse than none."""
    url = database_copy()
    folder = edition("from django.utils", "import nothing_of_this_name\nfrom django.utils")
    with pytest.raises(AssertionError, match="The plugin “noticeboard” .* cannot be imported"):
        manage(url, "check", sample=folder)
