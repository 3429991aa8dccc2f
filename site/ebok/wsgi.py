"""The front door: the page cache stands before Django."""

import gc
import os

from django.core.wsgi import get_wsgi_application

from ebok.starting import collect_rarely

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ebok.settings.production")

collect_rarely()

# The wrapper reads Django's settings, so it is imported once Django is set up.
django_application = get_wsgi_application()

from ebok.pagecache.wsgi import PageCache  # noqa: E402 (needs the settings loaded above)

application = PageCache.wrap(django_application)

# What is loaded by now is not looked through again while requests wait.
gc.freeze()
