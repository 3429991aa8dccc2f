"""Sign-in through a company's directory (OIDC, SAML), kept beside `accounts.py`. Off until it is named."""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ebok.settings.environment import env


def _secret(name: str) -> str:
    """A secret from the environment, or from the file that `<name>_FILE` names."""
    path = env.str(f"{name}_FILE", default="")
    return Path(path).read_text(encoding="utf-8").strip() if path else env.str(name, default="")


def _domains(name: str) -> list[str]:
    return [
        domain.strip().lower().removeprefix("@") for domain in env.list(name, default=[]) if domain.strip()
    ]


def _policy(prefix: str) -> dict[str, Any]:
    return {
        "match_domains": _domains(f"{prefix}_MATCH_DOMAINS"),
        "required_domains": _domains(f"{prefix}_REQUIRED_DOMAINS"),
        "second_factor": env.list(f"{prefix}_SECOND_FACTOR", default=[]),
    }


# allauth speaks the protocols; `ebok.accounts.federation` decides what an identity is worth.
SOCIALACCOUNT_ADAPTER = "ebok.accounts.federation.protocols.PortalSocialAccountAdapter"
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
SOCIALACCOUNT_LOGIN_ON_GET = False
SOCIALACCOUNT_REQUESTS_TIMEOUT = 5
SOCIALACCOUNT_PROVIDERS: dict[str, Any] = {}

EBOK_FEDERATION: dict[str, dict[str, Any]] = {}
"""Key of a provider ("oidc", "saml") to what its identities are worth here."""

EBOK_FEDERATION_ORIGINS: list[str] = env.list("EBOK_SIGN_IN_ORIGINS", default=[])
"""Where a sign-in button may lead; the policy of our pages names them."""

if env.str("EBOK_OIDC_ISSUER", default=""):
    _issuer = env.str("EBOK_OIDC_ISSUER")
    SOCIALACCOUNT_PROVIDERS["openid_connect"] = {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "oidc",
                "name": env.str("EBOK_OIDC_TITLE", default="OpenID Connect"),
                "client_id": env.str("EBOK_OIDC_CLIENT_ID"),
                "secret": _secret("EBOK_OIDC_CLIENT_SECRET"),
                "settings": {
                    "server_url": _issuer,
                    # Directories that say nothing about it (Entra) are believed only when told here.
                    "verified_email": env.bool("EBOK_OIDC_EMAILS_ARE_VERIFIED", default=False),
                },
            }
        ],
    }
    EBOK_FEDERATION["oidc"] = {**_policy("EBOK_OIDC"), "issuer": _issuer}
    EBOK_FEDERATION["oidc"]["second_factor"] = env.list("EBOK_OIDC_SECOND_FACTOR", default=["mfa"])
    EBOK_FEDERATION_ORIGINS.append("{0.scheme}://{0.netloc}".format(urlsplit(_issuer)))

if env.str("EBOK_SAML_IDP_ENTITY_ID", default=""):
    _entity = env.str("EBOK_SAML_IDP_ENTITY_ID")
    _sso_url = env.str("EBOK_SAML_IDP_SSO_URL")
    SOCIALACCOUNT_PROVIDERS["saml"] = {
        "APPS": [
            {
                "provider_id": "saml",
                "name": env.str("EBOK_SAML_TITLE", default="SAML"),
                "client_id": "firma",
                "settings": {
                    "idp": {
                        "entity_id": _entity,
                        "sso_url": _sso_url,
                        "x509cert": _secret("EBOK_SAML_IDP_CERTIFICATE"),
                    },
                    "verified_email": env.bool("EBOK_SAML_EMAILS_ARE_VERIFIED", default=False),
                    "advanced": {"strict": True, "want_assertion_signed": True, "want_name_id": True},
                },
            }
        ]
    }
    EBOK_FEDERATION["saml"] = {**_policy("EBOK_SAML"), "issuer": _entity, "second_factor": []}
    EBOK_FEDERATION_ORIGINS.append("{0.scheme}://{0.netloc}".format(urlsplit(_sso_url)))

# Files and password of the plugin `login_gov_pl`; the rest of its settings is kept for each site.
EBOK_LOGIN_GOV_PL_KEYS = env.str("EBOK_LOGIN_GOV_PL_KEYS", default="")
EBOK_LOGIN_GOV_PL_KEY_PASSWORD = _secret("EBOK_LOGIN_GOV_PL_KEY_PASSWORD")
