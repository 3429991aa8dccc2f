"""Profiles: TOML files that say how the deliveries of a billing system look.

Packaged ones lie beside this file; a deployment adds its own to the folder `EBOK_EXCHANGE_PROFILES`, where a
file of the same name replaces a packaged one.
"""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from ebok.exchange.declared import declared_datasets
from ebok.exchange.profiles.model import ColumnMap, DatasetMap, Profile, Split
from ebok.exchange.profiles.toml_files import ProfileError, read_profile

__all__ = [
    "ColumnMap",
    "DatasetMap",
    "Profile",
    "ProfileError",
    "Split",
    "available_profiles",
    "broken_profiles",
    "load_profile",
]

PACKAGED = Path(__file__).parent


def profile_files() -> dict[str, Path]:
    """Name to file, of every profile there is."""
    own = Path(settings.EBOK_EXCHANGE_PROFILES)
    found = {path.stem: path for path in sorted(PACKAGED.glob("*.toml"))}
    if own.is_dir():
        found |= {path.stem: path for path in sorted(own.glob("*.toml"))}
    return found


def load_profile(name: str) -> Profile:
    """The profile of that name. Raises `ProfileError` when there is none or something is wrong in it."""
    files = profile_files()
    if name not in files:
        raise ProfileError(
            _("There is no profile “%(name)s”; known are: %(known)s.")
            % {"name": name, "known": ", ".join(sorted(files))}
        )
    return read_profile(files[name], declared_datasets())


def available_profiles() -> list[Profile]:
    """Every profile that can be used, by name; those with errors are in `broken_profiles`."""
    return [profile for profile in _read_all() if isinstance(profile, Profile)]


def broken_profiles() -> list[ProfileError]:
    """What is wrong with the profiles that cannot be used."""
    return [error for error in _read_all() if isinstance(error, ProfileError)]


def _read_all() -> list[Profile | ProfileError]:
    datasets = declared_datasets()
    found: list[Profile | ProfileError] = []
    for _name, path in sorted(profile_files().items()):
        try:
            found.append(read_profile(path, datasets))
        except ProfileError as error:
            found.append(error)
    return found
