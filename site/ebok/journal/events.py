"""Event kinds of the core: what happens in the CMS and at the switchboard."""

from django.utils.translation import gettext_lazy as _

from ebok.ports import Erasure, EventKind


def _cms(name: str, title: object) -> EventKind:
    # Editors act in their office, so what they did is kept; it names no customer.
    return EventKind(key=f"journal.{name}", title=title, erasure=Erasure.KEEP, visible_to_customer=False)  # type: ignore[arg-type]


def _removal(name: str, title: object) -> EventKind:
    return EventKind(
        key=f"journal.{name}",
        title=title,  # type: ignore[arg-type]
        erasure=Erasure.NO_PERSONAL_DATA,
        visible_to_customer=False,
    )


events = [
    _cms("page_created", _("Page created")),
    _cms("page_changed", _("Page changed")),
    _cms("page_published", _("Page published")),
    _cms("page_unpublished", _("Page unpublished")),
    _cms("page_scheduled", _("Page publication scheduled")),
    _cms("page_moved", _("Page moved")),
    _cms("page_deleted", _("Page deleted")),
    _cms("page_workflow", _("Page approval step")),
    _cms("item_created", _("Content item created")),
    _cms("item_changed", _("Content item changed")),
    _cms("item_published", _("Content item published")),
    _cms("item_unpublished", _("Content item unpublished")),
    _cms("item_scheduled", _("Content item publication scheduled")),
    _cms("item_deleted", _("Content item deleted")),
    _cms("item_workflow", _("Content item approval step")),
    _cms("file_uploaded", _("Document or image uploaded")),
    _cms("file_changed", _("Document or image changed")),
    _cms("file_deleted", _("Document or image deleted")),
    _cms("settings_changed", _("Settings changed")),
    _cms("module_switched", _("Module switched on or off")),
    _cms("journal_exported", _("Journal exported")),
    _cms("person_erased", _("Person erased from the journal")),
    _removal("details_expired", _("Expired details removed from the journal")),
    _removal("month_dropped", _("Expired month removed from the journal")),
]
