"""Settings of the test suite: quick, quiet, shut off from the world."""

import tempfile
from pathlib import Path

from ebok.settings.dev import *  # noqa: F403 (a settings module extends its base)

ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1", ".lipowo.example"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
EBOK_RUNTIME_DIR = Path(tempfile.mkdtemp(prefix="ebok-test-"))
EBOK_JOURNAL_HEADS = EBOK_RUNTIME_DIR / "journal-heads.txt"
# A viewing is seen by the test that made it, in its transaction.
EBOK_JOURNAL_GATHER = False
MEDIA_ROOT = EBOK_RUNTIME_DIR / "media"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend", "QUEUES": ["default"]}}
# Only the tests of the requirement ask for it.
EBOK_STAFF_SECOND_FACTOR = False
# Every test client loads the middleware anew; it must not look through all static files each time.
WHITENOISE_USE_FINDERS = False
STATIC_ROOT = EBOK_RUNTIME_DIR / "static"
STATIC_ROOT.mkdir()
EBOK_STRICT_PUBLIC = True
