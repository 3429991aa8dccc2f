"""How passwords are kept."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.hashers import Argon2PasswordHasher, PBKDF2PasswordHasher

from ebok.accounts.hashing import place


class PortalArgon2PasswordHasher(Argon2PasswordHasher):
    """Argon2id with 19 MiB of memory, two passes and one lane, a few at a time (`hashing.place`).

    These are the least parameters OWASP's Password Storage Cheat Sheet names for Argon2id. Django's
    default (100 MiB, eight lanes) lets six people a second sign in on one core; this one sixty,
    which is what an outage needs. Raising them re-hashes each password at its owner's next sign-in.
    """

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1

    def encode(self, password: str, salt: str) -> str:
        """Hash. Raises `hashing.HashingBusy` when there is no place."""
        with place():
            return super().encode(password, salt)

    def verify(self, password: str, encoded: str) -> bool:
        """Compare. Raises `hashing.HashingBusy` when there is no place."""
        with place():
            return super().verify(password, encoded)


class BoundedArgon2PasswordHasher(Argon2PasswordHasher):
    """Django's own Argon2, for accounts taken over from elsewhere; bounded alike."""

    def verify(self, password: str, encoded: str) -> bool:
        """Compare. Raises `hashing.HashingBusy` when there is no place."""
        with place():
            return super().verify(password, encoded)


class BoundedPBKDF2PasswordHasher(PBKDF2PasswordHasher):
    """Django's own PBKDF2, for accounts taken over from elsewhere; bounded alike."""

    def encode(self, password: str, salt: str, iterations: Any = None) -> str:
        """Hash. Raises `hashing.HashingBusy` when there is no place."""
        with place():
            return super().encode(password, salt, iterations)
