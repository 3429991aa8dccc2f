"""Names for devices and addresses that people understand and that tell no more than needed."""

from __future__ import annotations

import ipaddress

from django.utils.translation import gettext as _

_BROWSERS = (
    # The first that is found counts: most browsers claim to be several others as well.
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("Windows", "Windows"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


def device_name(user_agent: str) -> str:
    """A browser and a system in words: "Firefox, Windows". Versions come and go and are left out."""
    found = [_first(user_agent, _BROWSERS), _first(user_agent, _SYSTEMS)]
    return ", ".join(name for name in found if name) or _("unknown device")


def masked_address(address: str | None) -> str:
    """The address without the part that tells one household from its neighbours: "192.0.2.…"."""
    if not address:
        return ""
    found = ipaddress.ip_address(address)
    if found.version == 4:
        return f"{address.rpartition('.')[0]}.…"
    groups = found.exploded.split(":")[:3]
    return f"{':'.join(group.lstrip('0') or '0' for group in groups)}:…"


def masked_login(label: str) -> str:
    """Who acted, without their sign-in name: "Piotr Nowak", "p…@example.org"."""
    name, bracket, _login = label.partition(" (")
    if bracket:
        return name
    local, at, domain = label.partition("@")
    return f"{local[:1]}…@{domain}" if at else label


def _first(user_agent: str, known: tuple[tuple[str, str], ...]) -> str:
    return next((name for sign, name in known if sign in user_agent), "")
