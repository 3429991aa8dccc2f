"""The portal's own pages about the account."""

from ebok.accounts.views.places import admin_login_redirect, home, no_store, who

__all__ = ["admin_login_redirect", "home", "no_store", "who"]
