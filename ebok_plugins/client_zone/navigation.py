"""The first entry of the client zone."""

from django.utils.translation import gettext_lazy as _
from ebok.ports import NavItem

navigation = [NavItem(zone="client", view="dashboard", title=_("Start"), icon="home", order=0)]
