"""Brings up Django, settings and database, for the commands that need them; the others never pay for it."""

import os

from goodstanding.kernel.errors import N_, Refused


def set_up() -> None:
    """Load the settings and the applications. The database is not touched."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "goodstanding.config.settings")
    import django

    django.setup()


def ready() -> None:
    """Set up, and refuse a database that `goodstanding init` has not prepared for this version."""
    set_up()
    from django.db import OperationalError, connection
    from django.db.migrations.executor import MigrationExecutor

    try:
        if connection.vendor == "sqlite" and not os.path.exists(str(connection.settings_dict["NAME"])):  # noqa: PTH110
            raise _not_initialised()
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            raise _not_initialised()
    except OperationalError as fault:
        raise Refused("no_database", N_("The database can't be reached: {why}"), why=str(fault).strip()) from fault


def _not_initialised() -> Refused:
    return Refused(
        "not_initialised", N_("The book is not set up for this version: run {command}."), command="goodstanding init"
    )
