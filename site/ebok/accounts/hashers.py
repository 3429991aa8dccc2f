"""How passwords are kept."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class PortalArgon2PasswordHasher(Argon2PasswordHasher):
    """Argon2id with 19 MiB of memory, two passes and one lane.

    These are the least parameters OWASP's Password Storage Cheat Sheet names for Argon2id. Django's
    default (100 MiB, eight lanes) lets six people a second sign in on one core; this one sixty,
    which is what an outage needs. Raising them re-hashes each password at its owner's next sign-in.
    """

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1
