"""The first entry of the client zone, and the notice board near its end."""

from django.utils.translation import gettext_lazy as _

from ebok.ports import NavItem

navigation = [
    NavItem(zone="client", view="dashboard", title=_("Start"), icon="home", order=0),
    NavItem(zone="client", view="announcements", title=_("Notice board"), icon="megaphone", order=90),
]
