"""Event kinds of the snippets."""

from django.utils.translation import gettext_lazy as _

from ebok.ports import Erasure, EventKind

# Decisions of employees about notices to the public; no customer is named in them.
events = [
    EventKind(
        key="snippets.outage_rule_overridden",
        title=_("Outage published against the rules"),
        erasure=Erasure.KEEP,
        visible_to_customer=False,
    ),
    EventKind(
        key="snippets.outage_withdrawn",
        title=_("Outage called off"),
        erasure=Erasure.KEEP,
        visible_to_customer=False,
    ),
    EventKind(
        key="snippets.streets_imported",
        title=_("Streets imported"),
        erasure=Erasure.KEEP,
        visible_to_customer=False,
    ),
]
