"""People come back to the one address the provider knows, and read on in their own language."""

from __future__ import annotations

from contextlib import AbstractContextManager

from django.conf import settings
from django.http import HttpRequest
from django.utils import translation

KEY = "ebok_identity_language"
"""Session key: the language in which the person left."""


def neutral() -> AbstractContextManager[None]:
    """Inside, addresses are spelled as the provider has registered them: without a language."""
    return translation.override(settings.LANGUAGE_CODE)


def remember(request: HttpRequest) -> None:
    """The person leaves for the provider."""
    request.session[KEY] = translation.get_language() or settings.LANGUAGE_CODE


def remembered(request: HttpRequest) -> AbstractContextManager[None]:
    """The person is back: inside, pages and addresses are in the language they left in."""
    known = dict(settings.LANGUAGES)
    language = request.session.get(KEY)
    return translation.override(language if language in known else settings.LANGUAGE_CODE)
