"""What every test shares: a data folder of its own, fresh databases, and a reset that passes the triggers."""

import itertools
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import connection, connections
from hypothesis import settings as hypothesis_settings

hypothesis_settings.register_profile("untimed", deadline=None)  # how fast a machine is says nothing about a rule
hypothesis_settings.load_profile("untimed")
DATABASE_URL = os.environ.get("GOODSTANDING_DATABASE_URL", "")
ON_POSTGRESQL = DATABASE_URL.startswith("postgres")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark what touches the database; deselect by name what can't run on this database or without real data."""
    kept, dropped = [], []
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        if item.get_closest_marker("django_db") or fixtures & {
            "db",
            "transactional_db",
            "fresh_database",
            "live_server",
        }:
            item.add_marker("database")
        other_database = item.get_closest_marker("postgresql") and not ON_POSTGRESQL
        no_data = item.get_closest_marker("real_data") and not os.environ.get("GOODSTANDING_REAL_DATA")
        (dropped if other_database or no_data else kept).append(item)
    if dropped:
        config.hook.pytest_deselected(items=dropped)
        items[:] = kept


@pytest.fixture(autouse=True)
def data_folder(tmp_path_factory: pytest.TempPathFactory, settings: Any) -> Path:
    """GOODSTANDING_HOME of this test alone."""
    settings.HOME = tmp_path_factory.mktemp("home")
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    cache = "django.core.cache.backends.filebased.FileBasedCache"  # as it is served, but each test has its own tries
    settings.CACHES = {"default": {"BACKEND": cache, "LOCATION": settings.HOME / "cache"}}
    return settings.HOME


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real files that nobody here wrote."""
    return Path(os.environ["GOODSTANDING_REAL_DATA"])


def wipe(using: Any = connection) -> None:
    """Empty every table of the book, append-only ones too, keeping schema, triggers and the ledger's one row."""
    tables = [t for t in using.introspection.table_names() if t not in ("django_migrations", "django_content_type")]
    with using.cursor() as cursor:
        if using.vendor == "postgresql":
            cursor.execute("SET session_replication_role = replica")
            cursor.execute("TRUNCATE " + ", ".join(f'"{t}"' for t in tables) + " RESTART IDENTITY CASCADE")
            cursor.execute("SET session_replication_role = DEFAULT")
        else:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            triggers = cursor.fetchall()
            cursor.execute("PRAGMA foreign_keys = OFF")
            for name, _sql in triggers:
                cursor.execute(f'DROP TRIGGER "{name}"')
            for table in tables:
                cursor.execute(f'DELETE FROM "{table}"')
            for _name, sql in triggers:
                cursor.execute(sql)
            cursor.execute("PRAGMA foreign_keys = ON")
        cursor.execute("INSERT INTO receivables_ledgerstate (id, closed_through) VALUES (1, NULL)")


@pytest.fixture(autouse=True, scope="session")
def _flush_past_the_triggers() -> Iterator[None]:
    """Django's flush between transactional tests would be refused by the ledger's own triggers: use `wipe`."""
    from django.test import TransactionTestCase

    patch = pytest.MonkeyPatch()
    patch.setattr(TransactionTestCase, "_fixture_teardown", lambda self: wipe())
    yield
    patch.undo()


_serial = itertools.count(1)


@pytest.fixture
def fresh_database(tmp_path: Path) -> Iterator[Callable[[], str]]:
    """A function that makes one more empty database (no tables) of the kind under test and gives its URL.

    For tests that start processes of their own; the databases are dropped afterwards.
    """
    made: list[str] = []

    def make() -> str:
        name = f"gs_{os.getpid()}_{next(_serial)}"
        if not ON_POSTGRESQL:
            return f"sqlite:///{tmp_path / name}.sqlite3"
        import psycopg

        parts = urlsplit(DATABASE_URL)
        with psycopg.connect(DATABASE_URL, autocommit=True) as admin:
            admin.execute(f'CREATE DATABASE "{name}"')
        made.append(name)
        return urlunsplit(parts._replace(path=f"/{name}"))

    yield make
    if made:
        import psycopg

        connections.close_all()
        with psycopg.connect(DATABASE_URL, autocommit=True) as admin:
            for name in made:
                admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
