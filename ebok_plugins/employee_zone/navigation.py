"""The first entry of the employee zone."""

from django.utils.translation import gettext_lazy as _

from ebok.ports import NavItem

navigation = [NavItem(zone="employee", view="dashboard", title=_("Start"), icon="home", order=0)]
