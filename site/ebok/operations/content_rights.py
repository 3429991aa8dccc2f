"""What editors and administrators may do with content on every installation, from its first migration on.

Permissions that rooms and plugins declare go to groups by `Permission.granted_to`. Content has Wagtail's
own permissions, which nobody declares; this gives them out by two rules:

* what is registered as a snippet, pages, files, redirects and translations: editors and administrators,
* settings of the site, workflows, people, languages, sites and folders: administrators.

Each right is offered to its group once and that is written down, so what an administrator takes away
stays taken away, and the models of a module that comes later are still given out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.apps.registry import Apps
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Model
from wagtail import hooks
from wagtail.contrib.settings.registry import registry as settings_registry
from wagtail.models import (
    Collection,
    GroupApprovalTask,
    GroupCollectionPermission,
    GroupPagePermission,
    Page,
)
from wagtail.snippets.models import get_snippet_models

from ebok.accounts import roles
from ebok.operations.models import OfferedRight

MODEL, PAGES, FOLDERS, APPROVAL = "model", "pages", "folders", "approval"
"""Where a right holds: for all of a model, from the root of the pages or of the folders down, or as the
group whose members approve in Wagtail's first workflow."""

FOR_EDITORS = {
    "wagtailredirects": ("add_redirect", "change_redirect", "delete_redirect"),
    "wagtailsearchpromotions": ("add_searchpromotion", "change_searchpromotion", "delete_searchpromotion"),
    "simple_translation": ("submit_translation",),
}
"""App label to codenames of Wagtail's permissions for editors (and administrators)."""

FOR_ADMINISTRATORS = {
    "wagtailcore": (
        *("add_workflow", "change_workflow", "delete_workflow"),
        *("add_task", "change_task", "delete_task"),
        *("add_site", "change_site", "delete_site"),
        *("add_locale", "change_locale", "delete_locale"),
    ),
    "accounts": ("add_user", "change_user", "delete_user"),
    "auth": ("add_group", "change_group", "delete_group"),
}
"""App label to codenames of Wagtail's permissions for administrators alone."""

ON_PAGES = ("add_page", "change_page", "publish_page", "lock_page", "unlock_page")
ON_PAGES_FOR_ADMINISTRATORS = ("bulk_delete_page",)
ON_FILES = tuple(f"{verb}_{kind}" for kind in ("image", "document") for verb in ("add", "change", "choose"))
ON_FOLDERS_FOR_ADMINISTRATORS = ("add_collection", "change_collection", "delete_collection")


@dataclass(frozen=True)
class Right:
    """One right of one group, named as it is written down."""

    group: str
    where: str
    app_label: str
    codename: str

    @property
    def name(self) -> str:
        """The name under which it is written down as offered, "pages:wagtailcore.publish_page"."""
        return f"{self.where}:{self.app_label}.{self.codename}"


def offer_after_migrate(apps: Apps, **_kwargs: object) -> None:
    """Receiver of `post_migrate` of the last app, when every other app has its permissions.

    `apps` is what is migrated: on the way back to nothing there may be no table to write in.
    """
    try:
        apps.get_model("operations", "OfferedRight")
    except LookupError:
        return
    offer()


@transaction.atomic
def offer() -> int:
    """Give each group what it was not offered before; returns how many rights that were.

    A right whose group or permission does not exist (yet) waits for the next call.
    """
    groups = {group.name: group for group in Group.objects.filter(name__in=roles.WITH_WAGTAIL_ADMIN)}
    known = set(OfferedRight.objects.values_list("group", "right"))
    missing = [
        right for right in rights() if right.group in groups and (right.group, right.name) not in known
    ]
    if not missing:
        return 0
    stored = _stored(missing)
    given = [right for right in missing if _give(groups[right.group], right, stored)]
    OfferedRight.objects.bulk_create(OfferedRight(group=right.group, right=right.name) for right in given)
    return len(given)


def rights() -> list[Right]:
    """Every right of the two groups."""
    shared = [*_of_models(registered_snippets()), *_listed(FOR_EDITORS)]
    files = [("wagtailimages" if name.endswith("image") else "wagtaildocs", name) for name in ON_FILES]
    alone = [*_of_models(settings_registry), *_listed(FOR_ADMINISTRATORS)]
    found = []
    for group in roles.WITH_WAGTAIL_ADMIN:
        found += [Right(group, MODEL, *pair) for pair in shared]
        found += [Right(group, PAGES, "wagtailcore", name) for name in ON_PAGES]
        found += [Right(group, FOLDERS, *pair) for pair in files]
    group = roles.ADMINISTRATORS
    found += [Right(group, MODEL, *pair) for pair in alone]
    found += [Right(group, PAGES, "wagtailcore", name) for name in ON_PAGES_FOR_ADMINISTRATORS]
    found += [Right(group, FOLDERS, "wagtailcore", name) for name in ON_FOLDERS_FOR_ADMINISTRATORS]
    found.append(Right(group, APPROVAL, "wagtailcore", "approve"))
    return found


def registered_snippets() -> list[type[Model]]:
    """The snippet models, also in a command that never looks at an address."""
    hooks.search_for_hooks()
    return list(get_snippet_models())


def _of_models(models: Iterable[type[Model]]) -> Iterator[tuple[str, str]]:
    """(app label, codename) of all permissions stored for the models."""
    types = ContentType.objects.get_for_models(*models).values()
    found = Permission.objects.filter(content_type__in=[kind.pk for kind in types])
    yield from found.order_by("pk").values_list("content_type__app_label", "codename")


def _listed(codenames: dict[str, tuple[str, ...]]) -> Iterator[tuple[str, str]]:
    for app_label, names in codenames.items():
        yield from ((app_label, name) for name in names)


def _stored(missing: Iterable[Right]) -> dict[tuple[str, str], Permission]:
    labels = {right.app_label for right in missing}
    found = Permission.objects.filter(content_type__app_label__in=labels).select_related("content_type")
    return {(permission.content_type.app_label, permission.codename): permission for permission in found}


def _give(group: Group, right: Right, stored: dict[tuple[str, str], Permission]) -> bool:
    """Give the right; False when something it needs is not there."""
    if right.where == APPROVAL:
        return _let_approve(group)
    permission = stored.get((right.app_label, right.codename))
    if permission is None:
        return False
    if right.where == MODEL:
        group.permissions.add(permission)
        return True
    root: Any
    if right.where == PAGES:
        root = Page.objects.filter(depth=1).first()
        if root is not None:
            GroupPagePermission.objects.get_or_create(group=group, page=root, permission=permission)
    else:
        root = Collection.objects.filter(depth=1).first()
        if root is not None:
            GroupCollectionPermission.objects.get_or_create(
                group=group, collection=root, permission=permission
            )
    return root is not None


def _let_approve(group: Group) -> bool:
    """Wagtail's own first task asks a group “Moderators”, in which a new installation has nobody."""
    task = GroupApprovalTask.objects.order_by("pk").first()
    if task is None:
        return False
    task.groups.add(group)
    return True
