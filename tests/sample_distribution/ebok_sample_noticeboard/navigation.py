"""Entries in the three zones."""

from django.utils.translation import gettext_lazy as _

from ebok.ports import NavItem
from ebok_sample_noticeboard.cards import number_of_mine

navigation = [
    NavItem(zone="client", view="mine", title=_("My notices"), icon="pin", order=800, badge=number_of_mine),
    NavItem(
        zone="employee",
        view="moderate",
        title=_("Notice board"),
        icon="pin",
        order=800,
        permission="noticeboard.moderate",
    ),
    NavItem(zone="mobile", view="board", title=_("Notice board"), icon="pin", order=800),
]
