"""The first entry of the field zone."""

from django.utils.translation import gettext_lazy as _

from ebok.ports import NavItem

navigation = [NavItem(zone="mobile", view="dashboard", title=_("Start"), icon="home", order=0)]
