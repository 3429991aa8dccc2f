"""Settings of the demo and of developers: no secrets, everything under `var/`."""

from ebok.settings.base import *  # noqa: F403 (a settings module extends its base)
from ebok.settings.environment import env

DEBUG = env.bool("DEBUG", default=False)
# Nobody's secret: this module is for one's own machine; production refuses to start without its own.
SECRET_KEY = env.str("SECRET_KEY", default="development-only-" + "0" * 40)
EBOK_JOURNAL_KEY = env.str("EBOK_JOURNAL_KEY", default="development-only-" + "1" * 40)
EBOK_PESEL_KEY = env.str("EBOK_PESEL_KEY", default="development-only-" + "2" * 40)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
INTERNAL_IPS = ["127.0.0.1"]
EBOK_DEMO = env.bool("EBOK_DEMO", default=True)
# In the demo people walk in with the password that `make demo` prints.
EBOK_STAFF_SECOND_FACTOR = env.bool("EBOK_STAFF_SECOND_FACTOR", default=not EBOK_DEMO)
# Passkeys of a browser on http://localhost.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
# No collectstatic step on one's own machine: files are found where they lie.
WHITENOISE_USE_FINDERS = True
