"""Loads the demo: the base of the world here, the rest from everybody's `demo.py`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType

from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Locale, Page, Site

from ebok.accounts import roles
from ebok.accounts.models import User
from ebok.operations.demo_world import ACCOUNTS, DEMO_PASSWORD, TECHNICIANS, Account, World
from ebok.operations.models import DemoChapter
from ebok.plugins.activation import SwitchRefused, enable
from ebok.plugins.contract import PluginConfig, RoomConfig
from ebok.plugins.registry import registry, submodule

SITE_NAME = "Wodociągi Lipowo"
BASE = "base"
"""The name under which the base itself is written down as loaded."""

Say = Callable[[str], None]
Owner = RoomConfig | PluginConfig


class BrokenChapter(Exception):
    """A `demo.py` failed; the message names it."""


def load(*, now: datetime | None = None, say: Say, again: bool = False) -> int:
    """Load every part of the demo that is not loaded yet; returns how many parts were loaded.

    `now` is the moment from which dates are counted. `again` calls parts that are loaded
    already, too. Raises `BrokenChapter`; parts loaded before it stay, and a further call goes on
    from there.
    """
    known = set(DemoChapter.objects.values_list("owner", flat=True))
    if BASE not in known:
        say("Site, languages, groups and accounts …")
    world = base_world(now=now or timezone.localtime().replace(second=0, microsecond=0), say=say)
    loaded = int(DemoChapter.objects.get_or_create(owner=BASE)[1])
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
    names = [account.group for account in ACCOUNTS if account.group]
    groups = {name: Group.objects.get_or_create(name=name)[0] for name in names}
    groups[roles.EMPLOYEES].permissions.add(*_declared(_of_employees))
    groups[TECHNICIANS].permissions.add(*_declared(lambda name: name.startswith("mobile_zone.")))
    editors = groups[roles.EDITORS]
    editors.permissions.add(_admin_access(), *_content_permissions())
    _let_edit_pages(editors)
    _let_use_files(editors)
    groups[roles.ADMINISTRATORS].permissions.add(_admin_access())
    return groups


def _of_employees(name: str) -> bool:
    """Whether an employee of the office gets the permission: the employee zone and every module."""
    owner = name.partition(".")[0]
    return owner == "employee_zone" or any(
        plugin.key == owner and plugin.kind == "module" for plugin in registry.plugins
    )


def _declared(wanted: Callable[[str], bool]) -> list[Permission]:
    names = [item.name for _owner, item in registry.contributions("permissions") if wanted(item.name)]
    return list(Permission.objects.filter(content_type__app_label="plugins", codename__in=names))


def _admin_access() -> Permission:
    return Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin")


def _content_permissions() -> list[Permission]:
    """Everything about snippets and about the models plugins bring, for editors."""
    labels = ["snippets", *(plugin.label for plugin in registry.plugins)]
    types = ContentType.objects.filter(app_label__in=labels)
    return list(Permission.objects.filter(content_type__in=types))


def _let_edit_pages(editors: Group) -> None:
    root = Page.objects.filter(depth=1).first()
    pages = ContentType.objects.get_for_model(Page)
    if root is None:
        return
    for kind in ("add", "change", "publish", "lock", "unlock"):
        permission = Permission.objects.filter(content_type=pages, codename=f"{kind}_page").first()
        if permission is not None:
            GroupPagePermission.objects.get_or_create(group=editors, page=root, permission=permission)


def _let_use_files(editors: Group) -> None:
    root = Collection.objects.filter(depth=1).first()
    if root is None:
        return
    found = Permission.objects.filter(content_type__app_label__in=("wagtailimages", "wagtaildocs"))
    for permission in found.filter(codename__regex=r"^(add|change|choose)_(image|document)$"):
        GroupCollectionPermission.objects.get_or_create(group=editors, collection=root, permission=permission)
