"""What editors and administrators may do on an installation nobody has loaded a demo into."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.db.migrations.state import ProjectState
from django.test import Client
from django.urls import reverse
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import GroupApprovalTask, GroupCollectionPermission, GroupPagePermission, Page
from wagtail.permissions import page_permission_policy, policy_registry

from ebok.accounts import roles
from ebok.accounts.models import User
from ebok.operations import content_rights
from ebok.operations.models import OfferedRight
from ebok.plugins.permissions import allowed

pytestmark = pytest.mark.django_db


def test_a_migrated_database_has_offered_everything() -> None:
    offered = set(OfferedRight.objects.values_list("group", "right"))
    assert offered == {(right.group, right.name) for right in content_rights.rights()}
    assert content_rights.offer() == 0


def test_an_editor_edits_content_and_nothing_else(editor: User) -> None:
    for model in content_rights.registered_snippets():
        label, name = model._meta.app_label, model._meta.model_name
        for verb in ("add", "change", "delete"):
            assert editor.has_perm(f"{label}.{verb}_{name}"), (label, name, verb)
    assert editor.has_perm("snippets.publish_outage")
    assert editor.has_perm("simple_translation.submit_translation")
    for name in (
        "look.change_themesettings",
        "snippets.change_outagesettings",
        "wagtailcore.change_workflow",
    ):
        assert not editor.has_perm(name), name
    assert not allowed(editor, "plugins.switch")


def test_an_administrator_has_that_and_the_settings(administrator: User) -> None:
    for name in (
        *("snippets.publish_outage", "look.change_themesettings", "snippets.change_outagesettings"),
        *("wagtailcore.change_workflow", "wagtailcore.add_task", "wagtailcore.change_site"),
        *("accounts.add_user", "auth.change_group"),
    ):
        assert administrator.has_perm(name), name
    assert allowed(administrator, "plugins.switch")


def test_pages_and_files_from_the_root_down(editor: User, administrator: User, root_page: Page) -> None:
    for user in (editor, administrator):
        rights = page_permission_policy.instances_user_has_permission_for(user, "publish")
        assert root_page in rights
        files = GroupCollectionPermission.objects.filter(group__user=user, collection__depth=1)
        names = set(files.values_list("permission__codename", flat=True))
        assert names >= set(content_rights.ON_FILES)
    bulk = GroupPagePermission.objects.filter(permission__codename="bulk_delete_page")
    assert [right.group.name for right in bulk] == [roles.ADMINISTRATORS]


def test_files_can_really_be_uploaded(editor: User) -> None:
    for model in (get_image_model(), get_document_model()):
        policy: Any = policy_registry.get_by_type(model)
        assert policy.user_has_permission(editor, "add"), model


def test_administrators_approve_what_is_submitted(administrator: User) -> None:
    task = GroupApprovalTask.objects.get()
    assert task.groups.filter(name=roles.ADMINISTRATORS).exists()


def test_what_an_administrator_takes_away_stays_away() -> None:
    editors = Group.objects.get(name=roles.EDITORS)
    publish = Permission.objects.get(content_type__app_label="snippets", codename="publish_outage")
    editors.permissions.remove(publish)
    GroupPagePermission.objects.filter(group=editors, permission__codename="publish_page").delete()
    GroupCollectionPermission.objects.filter(group=editors).delete()
    GroupApprovalTask.objects.get().groups.clear()
    assert content_rights.offer() == 0
    assert not editors.permissions.filter(pk=publish.pk).exists()
    assert not GroupPagePermission.objects.filter(group=editors, permission__codename="publish_page").exists()
    assert not GroupCollectionPermission.objects.filter(group=editors).exists()
    assert not GroupApprovalTask.objects.get().groups.exists()


def test_a_new_model_is_offered_once_it_is_there() -> None:
    """A module that comes with an update brings permissions no group was offered."""
    editors = Group.objects.get(name=roles.EDITORS)
    publish = Permission.objects.get(content_type__app_label="snippets", codename="publish_outage")
    editors.permissions.remove(publish)
    OfferedRight.objects.filter(right__endswith="snippets.publish_outage").delete()
    assert content_rights.offer() == 2  # editors and administrators
    assert editors.permissions.filter(pk=publish.pk).exists()


def test_a_group_that_is_gone_is_not_made_again() -> None:
    Group.objects.get(name=roles.EDITORS).delete()
    OfferedRight.objects.filter(group=roles.EDITORS).delete()
    assert content_rights.offer() == 0
    assert not OfferedRight.objects.filter(group=roles.EDITORS).exists()


def test_nothing_happens_on_the_way_back_to_nothing() -> None:
    """`migrate operations zero` leaves no table to write in."""
    OfferedRight.objects.all().delete()
    content_rights.offer_after_migrate(apps=ProjectState().apps)
    assert not OfferedRight.objects.exists()
    content_rights.offer_after_migrate(apps=apps)
    assert OfferedRight.objects.exists()


def test_employees_handle_applications_without_a_demo(client_user: User) -> None:
    worker = User.objects.create_user("pracownik@example.com")
    worker.groups.add(Group.objects.get(name=roles.EMPLOYEES))
    assert allowed(worker, "employee_zone.enter")
    assert allowed(worker, "e_dokument.handle")
    assert not allowed(client_user, "employee_zone.enter")


# The screens themselves ------------------------------------------------------------------

SCREENS = {
    "wagtailadmin_explore_root": ("editor", "administrator"),
    "wagtailsnippets_snippets_outage:list": ("editor", "administrator"),
    "wagtailimages:index": ("editor", "administrator"),
    "wagtailadmin_workflows:index": ("administrator",),
    "ebok_modules": ("administrator",),
    "wagtailusers_users:index": ("administrator",),
}


@pytest.mark.parametrize("who", ["editor", "administrator"])
def test_screens_open_for_whom_they_are_for(
    who: str, request: pytest.FixtureRequest, signed_in: Callable[[User], Client]
) -> None:
    client = signed_in(request.getfixturevalue(who))
    opened = [name for name in SCREENS if client.get(_address(name)).status_code == 200]
    assert opened == [name for name, people in SCREENS.items() if who in people]


def _address(name: str) -> str:
    if name.startswith("wagtailsnippets_snippets_outage"):
        outage = apps.get_model("snippets", "Outage")
        return reverse(outage.snippet_viewset.get_url_name("list"))
    return reverse(name)
