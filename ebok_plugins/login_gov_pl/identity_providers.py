"""The way to sign in this plugin brings."""

from ebok_plugins.login_gov_pl.provider import NationalNode

identity_providers = [NationalNode()]
