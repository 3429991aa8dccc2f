"""What a plugin or room tells the tests in its `testing.py`, and how the tests ask for it.

* `configure(world)` fills in the settings without which the plugin cannot be switched on.
* `populate(world, count)` makes `count` things of each kind on `world.site`; those that belong to a
  customer belong to `world.owner` and carry `world.secret` in their texts.
* `url_arguments(world)` returns full view name → arguments of one existing thing, for every address that
  needs some.
* `shared(world)` returns the full names of addresses in the client zone whose things belong to no customer,
  so that every customer may see them.

All are optional; an address with parameters and without arguments fails the sweep with a sentence that
says what to write. The arguments are asked for after `populate`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.apps import AppConfig
from wagtail.models import Site

from ebok.accounts.models import User
from ebok.customers.models import Customer
from ebok.plugins.contract import PluginConfig
from ebok.plugins.registry import registry, submodule
from ebok.testing.urls import NamedUrl

SECRET = "Tajne-9f3c-Kowalska"  # noqa: S105 (a text to look for, no credential)
"""Stands in everything that belongs to `world.owner`; whoever else gets to see it has found a leak."""

Arguments = Mapping[str, object]


@dataclass
class SampleWorld:
    """The people and the site that sample things are made for."""

    site: Site
    owner: User
    """The customer to whom sample things belong."""
    other: User
    """Another customer, who must see nothing of the owner's."""
    customer: Customer
    """The customer the owner acts for; mirrored sample things are its."""
    other_customer: Customer
    """The customer the other person acts for; has nothing."""
    secret: str = SECRET
    url_arguments: dict[str, Arguments] = field(default_factory=dict)
    """Full view name to the arguments of one existing thing, once `populate` has run."""
    mirrored: dict[str, int] = field(default_factory=dict)
    """Ids of one contract, point, meter, invoice, entry and payment of `customer`."""
    shared: set[str] = field(default_factory=set)
    """Full names of client-zone addresses whose things every customer may see."""


class NoSampleArguments(AssertionError):
    """An address needs arguments and nobody told the tests any."""

    def __init__(self, url: NamedUrl) -> None:
        owner = f"plugin “{url.plugin}”" if url.plugin else "room that owns it"
        super().__init__(
            f"The address {url.name} (/{url.route}) takes {', '.join(url.parameters)}. "
            f"Let `url_arguments(world)` in testing.py of the {owner} return an entry for {url.name!r}, e.g. "
            f"{{{url.name!r}: {{{', '.join(f'{name!r}: …' for name in url.parameters)}}}}}."
        )


def configure(world: SampleWorld, owners: Iterable[AppConfig]) -> None:
    """Let each owner fill in its required settings."""
    for owner in owners:
        module = submodule(owner, "testing")
        if module is not None and hasattr(module, "configure"):
            module.configure(world)


def populate(world: SampleWorld, count: int = 1, owners: Iterable[AppConfig] | None = None) -> None:
    """A little of the mirror, then let the owners (all loaded ones) make `count` things each.

    Collects their arguments, too.
    """
    # They fill a `SampleWorld`, so they stand above this file.
    from ebok.testing import message_samples, mirrored_samples  # noqa: PLC0415

    mirrored_samples.populate(world, count)
    message_samples.populate(world, count)
    for owner in registry.owners if owners is None else owners:
        module = submodule(owner, "testing")
        if module is None:
            continue
        if hasattr(module, "populate"):
            module.populate(world, count)
        if hasattr(module, "url_arguments"):
            world.url_arguments.update(module.url_arguments(world))
        if hasattr(module, "shared"):
            world.shared.update(module.shared(world))


def owners_for(plugin: PluginConfig) -> list[AppConfig]:
    """The rooms of the core, the plugin, and those it requires; things of all the others take seconds."""
    needed = {plugin.key, *plugin.requires}
    return [owner for owner in registry.owners if not isinstance(owner, PluginConfig) or owner.key in needed]


def sample_path(url: NamedUrl, world: SampleWorld) -> str:
    """The address of an existing thing. Raises `NoSampleArguments` when nobody named one."""
    return url.path(sample_arguments(url, world))


def sample_arguments(url: NamedUrl, world: SampleWorld) -> Arguments:
    """The arguments of one existing thing. Raises `NoSampleArguments` when nobody named one."""
    arguments = world.url_arguments.get(url.name, {})
    if not set(url.parameters) <= set(arguments):
        raise NoSampleArguments(url)
    return arguments
