"""Creates the groups every installation has; editors and administrators may open the Wagtail admin."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from ebok.accounts.roles import ADMINISTRATORS, ALL, WITH_WAGTAIL_ADMIN

PAGE_PERMISSIONS = ("add_page", "bulk_delete_page", "change_page", "lock_page", "publish_page", "unlock_page")


def create_groups(apps: StateApps, _schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Create what is missing; an existing group keeps what it has and gains no less."""
    Group = apps.get_model("auth", "Group")
    Permission = apps.get_model("auth", "Permission")
    ContentType = apps.get_model("contenttypes", "ContentType")
    for name in ALL:
        Group.objects.get_or_create(name=name)
    admin_type, _created = ContentType.objects.get_or_create(app_label="wagtailadmin", model="admin")
    access, _created = Permission.objects.get_or_create(
        content_type=admin_type, codename="access_admin", defaults={"name": "Can access Wagtail admin"}
    )
    for group in Group.objects.filter(name__in=WITH_WAGTAIL_ADMIN):
        group.permissions.add(access)
    _let_administrators_edit_pages(apps)


def _let_administrators_edit_pages(apps: StateApps) -> None:
    # Wagtail's own migrations give its Editors add and change on the root page; administrators get all.
    Permission = apps.get_model("auth", "Permission")
    GroupPagePermission = apps.get_model("wagtailcore", "GroupPagePermission")
    root = apps.get_model("wagtailcore", "Page").objects.filter(depth=1).order_by("pk").first()
    group = apps.get_model("auth", "Group").objects.get(name=ADMINISTRATORS)
    page_type = apps.get_model("contenttypes", "ContentType").objects.get(
        app_label="wagtailcore", model="page"
    )
    for codename in PAGE_PERMISSIONS:
        permission, _created = Permission.objects.get_or_create(
            content_type=page_type,
            codename=codename,
            defaults={"name": codename.replace("_", " ").capitalize()},
        )
        GroupPagePermission.objects.get_or_create(group=group, page=root, permission=permission)


class Migration(migrations.Migration):
    """See the module's docstring."""

    dependencies = [
        ("accounts", "0001_initial"),
        ("wagtailadmin", "0001_create_admin_access_permissions"),
        ("wagtailcore", "0098_apitoken"),
    ]

    operations = [migrations.RunPython(create_groups, migrations.RunPython.noop, elidable=False)]
