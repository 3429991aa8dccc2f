"""The plugin contract: a plugin is its `AppConfig`.

A room of the core, the page types and the snippets declare themselves with `RoomConfig`; zones,
modules, gateways and connectors with `PluginConfig`. Both contribute by file name: a
file `navigation.py` holds a list `navigation`, `cards.py` a list `cards`, and so on.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

from django.apps import AppConfig

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as Text

    from ebok.ports import Zone

KINDS = ("zone", "module", "gateway", "connector")


class RoomConfig(AppConfig):
    """A room of the core (or page types, or snippets): always on, contributes like a plugin.

    `key` prefixes the names of its events and permissions.
    """

    key: ClassVar[str]
    default_auto_field = "django.db.models.BigAutoField"


class PluginConfig(AppConfig):
    """A zone, module, gateway or connector that a utility switches on for each of its sites.

    Nothing of a plugin runs for a site on which it is off: its pages answer 404, its navigation,
    cards and insets vanish. Its webhooks answer all the same, and its tables stay.
    """

    key: ClassVar[str]
    """Slug; equals the entry-point name, the URL namespace and the prefix of settings, events and
    permissions."""
    title: ClassVar[Text]
    description: ClassVar[Text]
    """One or two sentences for the administrator who decides whether to switch it on."""
    kind: ClassVar[str] = "module"
    version: ClassVar[str] = ""
    core: ClassVar[str] = ""
    """Accepted core versions as a PEP 440 specifier, e.g. ">=0.1,<1". Empty accepts all."""
    requires: ClassVar[tuple[str, ...]] = ()
    """Keys of plugins that must be on before this one, and that cannot go off while it is on."""
    enhances: ClassVar[tuple[str, ...]] = ()
    """Keys of plugins this one adds to when they are there; for the administrator's information."""
    mounts: ClassVar[Mapping[str, str]] = {}
    """Zone key (client, employee, mobile, public) to the path of `urls/<zone>.py` inside that zone.
    A path begins without a slash and ends with one; "" is the zone's own front page."""
    settings_model: ClassVar[str] = ""
    """A `BaseSiteSetting` as "app_label.Model". If it has a method `missing_settings()` returning
    a list of `ebok.ports.Setting`, those block enabling until they are filled in."""
    provides: ClassVar[tuple[str, ...]] = ()
    """Names of the ports this plugin implements, e.g. "payment_gateway"."""
    documentation: ClassVar[str] = ""
    """Address of the documentation; empty shows the plugin's README.md."""
    zone: ClassVar[Zone | None] = None
    """Only for kind "zone": the place this plugin opens."""
    default_auto_field = "django.db.models.BigAutoField"

    def enabled(self, site: object) -> None:
        """Called after the plugin was switched on for `site`, inside the same transaction."""

    def disabled(self, site: object) -> None:
        """Called after the plugin was switched off for `site`, inside the same transaction."""
