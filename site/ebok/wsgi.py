"""The front door: the page cache stands before Django."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ebok.settings.production")

# The wrapper reads Django's settings, so it is imported once Django is set up.
django_application = get_wsgi_application()

from ebok.pagecache.wsgi import PageCache  # noqa: E402 (needs the settings loaded above)

application = PageCache.wrap(django_application)
