"""Event kinds of the pages. Publishing itself is journalled for all content in one place."""

from django.utils.translation import gettext_lazy as _

from ebok.ports import Erasure, EventKind

events = [
    EventKind(
        key="page_types.survey_exported",
        title=_("Survey answers exported"),
        erasure=Erasure.KEEP,
        visible_to_customer=False,
    ),
]
