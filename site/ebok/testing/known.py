"""Arguments for addresses of libraries, which have no `testing.py` of their own."""

from __future__ import annotations

from collections.abc import Mapping

NOBODY = "1"
TOKEN = "5a-0123456789abcdef"  # noqa: S105 (leads nowhere)


def known_arguments() -> Mapping[str, Mapping[str, object]]:
    """Full view name to arguments that its pattern accepts; most lead to “not found”."""
    return {
        "account_confirm_email": {"key": TOKEN},
        "account_reset_password_from_key": {"uidb36": NOBODY, "key": TOKEN},
        **{f"openid_connect_{name}": {"provider_id": "none"} for name in ("login", "callback")},
        **{
            f"saml_{name}": {"organization_slug": "none"}
            for name in ("acs", "finish_acs", "sls", "metadata", "login")
        },
        "account_identity_start": {"key": "none"},
        "account_identity_return": {"key": "none"},
        "account_identity_unlink": {"pk": NOBODY},
        "mfa_edit_webauthn": {"pk": NOBODY},
        "mfa_remove_webauthn": {"pk": NOBODY},
        "wagtailimages_serve": {"signature": "x", "image_id": NOBODY, "filter_spec": "original"},
        "wagtaildocs_serve": {"0": NOBODY, "1": "none.pdf"},
        "wagtaildocs_authenticate_with_password": {"restriction_id": NOBODY},
        "wagtailcore_authenticate_with_password": {"page_view_restriction_id": NOBODY, "page_id": NOBODY},
        "wagtail_serve": {"0": "nie-ma-takiej-strony/"},
    }
