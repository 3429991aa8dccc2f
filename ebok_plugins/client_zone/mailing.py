"""Letters by e-mail in the utility's look."""

from __future__ import annotations

from django.core.mail import EmailMultiAlternatives
from django.http import HttpRequest

from ebok.accounts.letters import Letter, bodies_of, subject_of


def send_letter(
    to: str,
    *,
    subject: str,
    sentences: tuple[str, ...],
    action: str = "",
    url: str = "",
    closing: str = "",
    request: HttpRequest | None = None,
) -> None:
    """Send one letter; `sentences` are its paragraphs as they read, `action` the words of its button.

    Raises what the mail server raises.
    """
    letter = Letter(
        subject=subject,
        # A name may hold a percent sign, and the table of letters fills in values there.
        sentences=tuple(sentence.replace("%", "%%") for sentence in sentences),
        action=action,
        address="action_url" if url else "",
        closing=closing,
    )
    text, html = bodies_of(letter, {"action_url": url}, request)
    message = EmailMultiAlternatives(" ".join(subject_of(letter).split()), text, to=[to])
    message.attach_alternative(html, "text/html")
    message.send()
