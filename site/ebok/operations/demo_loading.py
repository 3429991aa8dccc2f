"""Loads the demo: the base of the world here, the rest from everybody's `demo.py`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType

from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.utils import timezone
from wagtail.models import Locale, Page, Site

from ebok.accounts.models import User
from ebok.operations.demo_world import ACCOUNTS, DEMO_PASSWORD, TECHNICIANS, Account, World
from ebok.operations.models import DemoChapter
from ebok.operations.town.loading import load_town
from ebok.operations.town.town import Town, TownRefused
from ebok.plugins.activation import SwitchRefused, enable
from ebok.plugins.contract import PluginConfig, RoomConfig
from ebok.plugins.registry import registry, submodule

SITE_NAME = "Wodociągi Lipowo"
BASE = "base"
"""The name under which the base itself is written down as loaded."""
TOWN = "town"
"""The name under which the town of customers is written down as loaded."""

Say = Callable[[str], None]
Owner = RoomConfig | PluginConfig


class BrokenChapter(Exception):
    """A `demo.py` failed; the message names it."""


def load(*, now: datetime | None = None, say: Say, again: bool = False, customers: int = 0) -> int:
    """Load every part of the demo that is not loaded yet; returns how many parts were loaded.

    `now` is the moment from which dates are counted. `again` calls parts that are loaded
    already, too. `customers` of the demo town are imported before the modules' own parts, so that these
    may lean on them; 0 for a demo without customers. Raises `BrokenChapter`; parts loaded before it stay,
    and a further call goes on from there.
    """
    known = set(DemoChapter.objects.values_list("owner", flat=True))
    if BASE not in known:
        say("Site, languages, groups and accounts …")
    world = base_world(now=now or timezone.localtime().replace(second=0, microsecond=0), say=say)
    loaded = int(DemoChapter.objects.get_or_create(owner=BASE)[1])
    if customers and TOWN not in known:
        _load_town(world, customers)
        loaded += 1
    for owner in in_order(registry.owners):
        switched = not isinstance(owner, PluginConfig) or owner.key in known or _switch_on(world.site, owner)
        if owner.key in known and not again:
            continue
        if _load_chapter(owner, world):
            loaded += 1
        if not switched and isinstance(owner, PluginConfig) and not _switch_on(world.site, owner):
            say(f"The module {owner.key} stays off: it needs settings first.")
    return loaded


def in_order(owners: Iterable[Owner]) -> list[Owner]:
    """Rooms as they come, then each plugin after those it requires or enhances."""
    owners = list(owners)
    rooms = [owner for owner in owners if isinstance(owner, RoomConfig)]
    plugins = {owner.key: owner for owner in owners if isinstance(owner, PluginConfig)}
    placed: dict[str, PluginConfig] = {}

    def place(plugin: PluginConfig, above: frozenset[str] = frozenset()) -> None:
        if plugin.key in placed or plugin.key in above:
            return
        for key in (*plugin.requires, *plugin.enhances):
            if key in plugins:
                place(plugins[key], above | {plugin.key})
        placed[plugin.key] = plugin

    # Zones first: modules show themselves in them.
    for plugin in sorted(plugins.values(), key=lambda plugin: (plugin.kind != "zone", plugin.key)):
        place(plugin)
    return [*rooms, *placed.values()]


def _load_town(world: World, customers: int) -> None:
    """Import the town through the exchange, which has its own transactions."""
    world.say(f"A town of {customers} customers …")
    try:
        load_town(Town(customers=customers, until=timezone.localtime(world.now).date()), as_of=world.now)
    except TownRefused as error:
        raise BrokenChapter(str(error)) from error
    DemoChapter.objects.update_or_create(owner=TOWN)


def _load_chapter(owner: Owner, world: World) -> bool:
    module = submodule(owner, "demo")
    if module is None:
        return False
    title = getattr(owner, "title", owner.verbose_name)
    world.say(f"{title} …")
    try:
        with transaction.atomic():
            module.load(world)
            DemoChapter.objects.update_or_create(owner=owner.key)
    except Exception as error:
        raise BrokenChapter(f"{owner.name}/demo.py: {type(error).__name__}: {error}") from error
    return True


def _switch_on(site: Site, plugin: PluginConfig) -> bool:
    try:
        enable(site, plugin.key)
    except SwitchRefused:
        return False
    return True


# The base ------------------------------------------------------------------------------------


@transaction.atomic
def base_world(*, now: datetime, say: Say) -> World:
    """Site, languages, groups and accounts; creates what is missing and leaves the rest alone."""
    polish, _created = Locale.objects.get_or_create(language_code="pl")
    english, _created = Locale.objects.get_or_create(language_code="en")
    world = World(site=_site(polish), polish=polish, english=english, now=now, say=say)
    groups = _groups()
    users = {account.role: _user(account, groups) for account in ACCOUNTS}
    return replace(world, users=MappingProxyType(users))


def _site(polish: Locale) -> Site:
    site = Site.objects.filter(is_default_site=True).first()
    if site is None:
        root = Page.objects.filter(depth=2).first() or _empty_front_page(polish)
        site = Site(hostname="localhost", root_page=root, is_default_site=True)
    if not site.site_name:
        site.site_name = SITE_NAME
        site.save()
    return site


def _empty_front_page(polish: Locale) -> Page:
    root = Page.objects.filter(depth=1).first()
    if root is None:
        return Page.add_root(instance=Page(title="Root", slug="root", locale=polish))
    return root.add_child(instance=Page(title=SITE_NAME, slug="start", locale=polish))


def _user(account: Account, groups: dict[str, Group]) -> User:
    user, created = User.objects.get_or_create(
        email=account.email,
        defaults={
            "first_name": account.first_name,
            "last_name": account.last_name,
            "is_superuser": account.superuser,
            "is_staff": account.superuser,
        },
    )
    if created:
        user.set_password(DEMO_PASSWORD)
        user.save()
    if account.group:
        user.groups.add(groups[account.group])
    EmailAddress.objects.update_or_create(
        user=user, email=account.email, defaults={"verified": True, "primary": True}
    )
    return user


def _groups() -> dict[str, Group]:
    """The groups of the accounts; what editors, administrators and employees may do, a migration gave."""
    names = [account.group for account in ACCOUNTS if account.group]
    groups = {name: Group.objects.get_or_create(name=name)[0] for name in names}
    groups[TECHNICIANS].permissions.add(*_declared(lambda name: name.startswith("mobile_zone.")))
    return groups


def _declared(wanted: Callable[[str], bool]) -> list[Permission]:
    names = [item.name for _owner, item in registry.contributions("permissions") if wanted(item.name)]
    return list(Permission.objects.filter(content_type__app_label="plugins", codename__in=names))
