"""Work for the background worker. It may run twice; the second time finds nothing to do."""

from __future__ import annotations

from django_tasks import task


@task()
def announce() -> None:
    """Hand over bills for sending, batch after batch, until none waits."""
    # Receivers order this task, and what it does listens to messages.
    from ebok_plugins.e_faktura.delivery import announcing  # noqa: PLC0415 (would be a circle)

    while announcing.announce_waiting():
        pass
