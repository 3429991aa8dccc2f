"""`manage.py ebok_prepare`: everything the portal needs before it is started."""

from __future__ import annotations

import shutil
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from ebok.operations.static_files import collect_when_changed

DEMO_CUSTOMERS = 300
"""How many customers the demo town has."""


class Command(BaseCommand):
    """Migrates, makes the cache table, collects static files and, for the demo, loads its content."""

    help = "Brings database and static files up to this version of the code; safe to run at every deployment."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("--demo", action="store_true", help="Load the demo content, too.")
        parser.add_argument(
            "--fresh", action="store_true", help="Throw away all data first. Demo settings only."
        )
        parser.add_argument("--no-static", action="store_true", help="Leave the static files alone.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do the steps that are needed, naming each."""
        if options["fresh"]:
            self._start_over()
        Path(settings.EBOK_RUNTIME_DIR).mkdir(parents=True, exist_ok=True)
        self._migrate()
        call_command("createcachetable", verbosity=0)
        if not options["no_static"]:
            copied = collect_when_changed()
            if copied:
                self.stdout.write(f"Static files collected ({copied}).")
        if options["demo"]:
            call_command("load_demo", customers=DEMO_CUSTOMERS, stdout=self.stdout, stderr=self.stderr)

    def _migrate(self) -> None:
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if plan:
            self.stdout.write(f"Preparing the database ({len(plan)} steps) …")
            self.stdout.flush()
        # Also without a plan: what is sent after a migration keeps permissions and triggers right.
        call_command("migrate", interactive=False, verbosity=0)

    def _start_over(self) -> None:
        if not settings.EBOK_DEMO:
            raise CommandError("--fresh throws away all data, so it works with demo settings only.")
        self.stdout.write("Starting over: the data that was there is removed.")
        if connection.vendor == "sqlite":
            name = str(connection.settings_dict["NAME"])
            connection.close()
            for ending in ("", "-wal", "-shm", "-journal"):
                Path(f"{name}{ending}").unlink(missing_ok=True)
        else:
            with connection.cursor() as cursor:
                cursor.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public;")
        shutil.rmtree(settings.MEDIA_ROOT, ignore_errors=True)
