"""login.gov.pl as a plugin: one identity provider, and nothing else."""

from django.utils.translation import gettext_lazy as _

from ebok.plugins.contract import PluginConfig


class LoginGovPl(PluginConfig):
    """Signing in with a state-confirmed identity."""

    name = "ebok_plugins.login_gov_pl"
    label = "login_gov_pl"
    key = "login_gov_pl"
    verbose_name = _("login.gov.pl")
    title = _("login.gov.pl")
    description = _(
        "Clients sign in with an identity the state confirms (mObywatel, trusted profile, e-ID, bank). Needs"
        " the consent of the minister for digital affairs and certificates."
    )
    kind = "connector"
    version = "0.1.0"
    core = ">=0.1,<1"
    settings_model = "login_gov_pl.LoginGovPlSettings"
    provides = ("identity_provider",)
