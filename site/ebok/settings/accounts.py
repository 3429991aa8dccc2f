"""Settings of accounts and sign-in, kept beside `base.py`, which takes them all."""

from datetime import timedelta

from ebok.settings.environment import env

# Who people are -------------------------------------------------------------------------

AUTHENTICATION_BACKENDS = ["ebok.accounts.backends.PortalBackend"]

PASSWORD_HASHERS = [
    "ebok.accounts.hashers.PortalArgon2PasswordHasher",
    # Accounts taken over from another system sign in once with their old hash, then get a new one.
    "ebok.accounts.hashers.BoundedArgon2PasswordHasher",
    "ebok.accounts.hashers.BoundedPBKDF2PasswordHasher",
]
# How many passwords the machine hashes at once; 0 is half of its cores, -1 as many as are asked for.
EBOK_HASHING_PLACES = env.int("EBOK_HASHING_PLACES", default=0)

AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["email", "first_name", "last_name"]},
    },
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

# Sign-in (django-allauth) ---------------------------------------------------------------

ACCOUNT_ADAPTER = "ebok.accounts.adapter.PortalAccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_CONFIRM_EMAIL_ON_GET = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGIN_ON_PASSWORD_RESET = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_REAUTHENTICATION_REQUIRED = True
# One address, and a new one that takes its place when it is confirmed.
ACCOUNT_CHANGE_EMAIL = True
# Counted in the shared cache, so the limits hold across processes and machines.
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/300s/key",
    "reset_password": "20/m/ip,5/m/key",
    "reset_password_from_key": "20/m/ip",
    "signup": "20/m/ip",
}
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("EBOK_TRUSTED_PROXY_COUNT", default=0)
EBOK_TRUSTED_PROXY_COUNT = ALLAUTH_TRUSTED_PROXY_COUNT

MFA_ADAPTER = "ebok.accounts.second_step.PortalMFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_FORMS = {
    "add_webauthn": "ebok.accounts.forms.AddKeyForm",
    "edit_webauthn": "ebok.accounts.forms.RenameKeyForm",
}
# A clock that is half a minute wrong is no break-in.
MFA_TOTP_TOLERANCE = 1
# Nobody is signed in without a confirmed address, so a second one may wait for its letter.
MFA_ALLOW_UNVERIFIED_EMAIL = True
EBOK_STAFF_SECOND_FACTOR = env.bool("EBOK_STAFF_SECOND_FACTOR", default=True)
"""Whoever may enter a zone for staff or the administrator's panel needs a second step of signing in."""

# Names, not paths: the English pages have their own addresses.
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "account_home"
WAGTAILADMIN_LOGIN_URL = LOGIN_URL
WAGTAIL_FRONTEND_LOGIN_URL = LOGIN_URL


# Sessions -------------------------------------------------------------------------------

EBOK_SESSION_IDLE = timedelta(minutes=env.int("EBOK_SESSION_IDLE_MINUTES", default=30))
EBOK_SESSION_ABSOLUTE = timedelta(hours=env.int("EBOK_SESSION_HOURS", default=12))
# Not "storage": the field zone keeps readings there that were not sent yet.
EBOK_CLEAR_SITE_DATA = '"cache"'
SESSION_COOKIE_AGE = int(EBOK_SESSION_ABSOLUTE.total_seconds())
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
