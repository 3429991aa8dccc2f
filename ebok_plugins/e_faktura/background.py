"""Work for the background worker. It may run twice; the second time finds nothing to do."""

from __future__ import annotations

from django_tasks import task


@task()
def announce() -> None:
    """Hand over the bills that wait for sending."""
    # Receivers order this task, and what it does listens to messages.
    from ebok_plugins.e_faktura.delivery import announcing  # noqa: PLC0415 (would be a circle)

    announcing.announce_waiting()
