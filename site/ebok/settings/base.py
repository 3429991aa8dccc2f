"""What every deployment shares. Values come from the environment; there is no logic here."""

from django.utils.translation import gettext_lazy as _

from ebok.plugins.discovery import discover
from ebok.settings.accounts import *  # noqa: F403 (a fragment of this file, kept beside it)
from ebok.settings.databases import database
from ebok.settings.environment import RUNTIME_DIR, TEMPLATES_DIR, env
from ebok.settings.federation import *  # noqa: F403 (a fragment of this file, kept beside it)

DEBUG = False
SECRET_KEY = env.str("SECRET_KEY", default="")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

# The house ------------------------------------------------------------------------------

EBOK_RUNTIME_DIR = RUNTIME_DIR
EBOK_PLUGINS = discover(only=env.list("EBOK_PLUGINS", default=[]))
EBOK_PAGE_CACHE = env.bool("EBOK_PAGE_CACHE", default=True)
EBOK_PAGE_CACHE_BYTES = env.int("EBOK_PAGE_CACHE_BYTES", default=64 * 1024 * 1024)
EBOK_PAGE_CACHE_DOWNSTREAM_SECONDS = env.int("EBOK_PAGE_CACHE_DOWNSTREAM_SECONDS", default=1)
EBOK_GENERATION_CACHE = env.str(
    "EBOK_GENERATION_CACHE", default="default" if env.str("REDIS_URL", default="") else ""
)
EBOK_JOURNAL_KEY = env.str("EBOK_JOURNAL_KEY", default="")
EBOK_JOURNAL_GATHER = env.bool("EBOK_JOURNAL_GATHER", default=True)
EBOK_JOURNAL_HEADS = env.path("EBOK_JOURNAL_HEADS", default=str(RUNTIME_DIR / "journal-heads.txt"))
EBOK_PESEL_KEY = env.str("EBOK_PESEL_KEY", default="")
EBOK_MAP_TILES = env.str("EBOK_MAP_TILES", default="")
EBOK_MAP_ATTRIBUTION = env.str("EBOK_MAP_ATTRIBUTION", default="")
EBOK_PRIVATE_ROOT = env.path("EBOK_PRIVATE_ROOT", default=str(RUNTIME_DIR / "private"))
EBOK_X_ACCEL_PREFIX = env.str("EBOK_X_ACCEL_PREFIX", default="")
EBOK_ANTIVIRUS = env.str("EBOK_ANTIVIRUS", default="")
EBOK_EXCHANGE_PROFILES = env.path("EBOK_EXCHANGE_PROFILES", default=str(RUNTIME_DIR / "profiles"))
EBOK_DEMO = env.bool("EBOK_DEMO", default=False)

INSTALLED_APPS = [
    *EBOK_PLUGINS.apps,
    "page_types.apps.PageTypes",
    "snippets.apps.Snippets",
    "ebok.operations.apps.Operations",
    "ebok.zones.apps.Zones",
    "ebok.billing.apps.Billing",
    "ebok.customers.apps.Customers",
    "ebok.exchange.apps.Exchange",
    "ebok.journal.apps.Journal",
    "ebok.accounts.apps.Accounts",
    "ebok.look.apps.Look",
    "ebok.files.apps.Files",
    "ebok.plugins.apps.Plugins",
    "wagtail.contrib.forms",
    "wagtail.contrib.redirects",
    "wagtail.contrib.settings",
    "wagtail.contrib.routable_page",
    "wagtail.contrib.search_promotions",
    "wagtail.contrib.simple_translation",
    "wagtail.contrib.sitemaps",
    "wagtail.contrib.frontend_cache",
    "wagtail.contrib.typed_table_block",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.locales",
    "wagtail.admin",
    "wagtail",
    "wagtail_modeladmin",
    "modelcluster",
    "taggit",
    "django_filters",
    "django_tables2",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.socialaccount.providers.saml",
    "allauth.usersessions",
    "django.contrib.humanize",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
]

MIDDLEWARE = [
    "ebok.pagecache.middleware.PublicBytesMiddleware",
    "ebok.journal.middleware.OriginMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "ebok.accounts.middleware.BusyHashingMiddleware",
    "ebok.zones.middleware.CleanInputMiddleware",
    "ebok.zones.middleware.PoliciesMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "ebok.accounts.middleware.SessionLimitsMiddleware",
    "ebok.accounts.middleware.SignedInFlagMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "ebok.look.middleware.LookMiddleware",
    "ebok.plugins.gate.GateMiddleware",
    "ebok.accounts.duties.DutiesMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
]

ROOT_URLCONF = "ebok.urls"
WSGI_APPLICATION = "ebok.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [TEMPLATES_DIR],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.debug",
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "wagtail.contrib.settings.context_processors.settings",
                "ebok.look.context.look",
            ],
        },
    }
]
FORM_RENDERER = "ebok.look.forms.GovukRenderer"
DJANGO_TABLES2_TEMPLATE = "components/table.html"

# Storage --------------------------------------------------------------------------------

DATABASES = {"default": database(env, RUNTIME_DIR)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "accounts.User"

CACHES = {
    "default": (
        {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": env.str("REDIS_URL")}
        if env.str("REDIS_URL", default="")
        # Limits on sign-in must hold across processes, so the embedded default is a shared table.
        else {
            "BACKEND": "django.core.cache.backends.db.DatabaseCache",
            "LOCATION": "ebok_cache",
            # Django keeps 300 entries unless told: whoever fills them would make the limits forget.
            "OPTIONS": {"MAX_ENTRIES": 50_000},
        }
    ),
    # Looking a picture's size up in a cache that is a table costs more than in its own table.
    "renditions": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"},
}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}

STATIC_URL = "/static/"
STATIC_ROOT = env.path("EBOK_STATIC_ROOT", default=str(RUNTIME_DIR / "static"))
STATICFILES_DIRS = [TEMPLATES_DIR / "theme" / "build"]
MEDIA_URL = "/media/"
MEDIA_ROOT = env.path("EBOK_MEDIA_ROOT", default=str(RUNTIME_DIR / "media"))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
FILE_UPLOAD_PERMISSIONS = 0o640
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

# Language and time ----------------------------------------------------------------------

LANGUAGE_CODE = "pl"
LANGUAGES = [("pl", _("Polish")), ("en", _("English"))]
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
WAGTAIL_I18N_ENABLED = True
WAGTAILADMIN_PERMITTED_LANGUAGES = [("pl", "polski"), ("en", "English")]
LOCALE_PATHS = [TEMPLATES_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Warsaw"
FORMAT_MODULE_PATH = ["ebok.look.formats"]

# Wagtail --------------------------------------------------------------------------------

WAGTAIL_SITE_NAME = "e-BOK"
WAGTAILADMIN_BASE_URL = env.str("EBOK_BASE_URL", default="http://localhost:8000")
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAILADMIN_UNSAFE_PAGE_DELETION_LIMIT = 1
WAGTAILDOCS_EXTENSIONS = ["pdf", "docx", "odt", "xlsx", "ods", "txt", "csv", "zip"]
WAGTAILDOCS_MAX_UPLOAD_SIZE = 20 * 1024 * 1024
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAILIMAGES_EXTENSIONS = ["jpg", "jpeg", "png", "webp"]
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}
WAGTAILEMBEDS_FINDERS: list[dict[str, str]] = []
WAGTAIL_WORKFLOW_ENABLED = True

# Policies -------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:", *env.list("EBOK_MAP_TILE_HOSTS", default=[])],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'self'"],
        "form-action": ["'self'", *EBOK_FEDERATION_ORIGINS],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
# Wagtail lifts it for its own previews.
X_FRAME_OPTIONS = "DENY"
SILENCED_SYSTEM_CHECKS: list[str] = []

EMAIL_BACKEND = env.str("EMAIL_BACKEND", default="django.core.mail.backends.filebased.EmailBackend")
EMAIL_FILE_PATH = RUNTIME_DIR / "mail"
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="bok@lipowo.example")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
}
