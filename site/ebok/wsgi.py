"""The front door: the page cache stands before Django."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ebok.settings.production")

# As in manage.py: nearly all objects a start makes stay.
gc.set_threshold(50_000, 20, 100)

# The wrapper reads Django's settings, so it is imported once Django is set up.
django_application = get_wsgi_application()

from ebok.pagecache.wsgi import PageCache  # noqa: E402 (needs the settings loaded above)

application = PageCache.wrap(django_application)

# What is loaded by now is not looked through again while requests wait.
gc.freeze()
