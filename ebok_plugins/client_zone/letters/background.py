"""Printing letters, for the background worker. It may run twice; the second time finds nothing to do."""

from __future__ import annotations

from django_tasks import task


@task()
def print_batch(batch_pk: int) -> None:
    """Make part after part of a batch until nothing is left."""
    # The services order this task, so they stand above it.
    from ebok_plugins.client_zone.letters import services  # noqa: PLC0415 (would be a circle)

    while services.print_part(batch_pk):
        pass
