"""Settings of a real installation. Starts only when its secrets are given."""

from django.core.exceptions import ImproperlyConfigured

from ebok.settings.base import *  # noqa: F403 (a settings module extends its base)
from ebok.settings.environment import env


def _required(name: str, why: str, least: int = 1) -> str:
    value = env.str(name, default="")
    if len(value) < least:
        raise ImproperlyConfigured(f"Set {name} in the environment ({why}; at least {least} characters).")
    return value


SECRET_KEY = _required("SECRET_KEY", "signs sessions and links", 50)
EBOK_JOURNAL_KEY = _required("EBOK_JOURNAL_KEY", "seals the journal's chain", 32)
EBOK_PESEL_KEY = _required("EBOK_PESEL_KEY", "hashes PESEL numbers, which are never kept themselves", 32)
_required("DATABASE_URL", "names the database, e.g. postgres://ebok:…@db/ebok")
WAGTAILADMIN_BASE_URL = _required("EBOK_BASE_URL", "the address people type, e.g. https://ebok.example.pl", 8)
ALLOWED_HOSTS = _required("ALLOWED_HOSTS", "host names the portal answers to").split(",")

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
# The container's health check and the proxy ask over plain HTTP inside the machine.
SECURE_REDIRECT_EXEMPT = [r"^zdrowie/"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=31_536_000)
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("SECURE_HSTS_INCLUDE_SUBDOMAINS", default=True)
SECURE_HSTS_PRELOAD = env.bool("SECURE_HSTS_PRELOAD", default=True)
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-ebok_session"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_NAME = "__Host-ebok_csrf"
LANGUAGE_COOKIE_SECURE = True
EMAIL_BACKEND = env.str("EMAIL_BACKEND", default="django.core.mail.backends.smtp.EmailBackend")
EMAIL_HOST = env.str("EMAIL_HOST", default="localhost")
EMAIL_PORT = env.int("EMAIL_PORT", default=25)
EMAIL_HOST_USER = env.str("EMAIL_HOST_USER", default="")
EMAIL_HOST_PASSWORD = env.str("EMAIL_HOST_PASSWORD", default="")
EMAIL_USE_TLS = env.bool("EMAIL_USE_TLS", default=False)
