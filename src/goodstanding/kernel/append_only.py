"""The SQL that makes a table append-only: UPDATE, DELETE, TRUNCATE and REPLACE are refused by the database itself.

A migration of each context runs these statements for its own tables. On SQLite a trigger is lost whenever a
later migration rebuilds its table (Django does so for almost any ALTER): run them again there.
"""

from collections.abc import Iterator, Sequence

REFUSAL = "is append-only: correct it by a further row"

_FUNCTION = f"""
CREATE OR REPLACE FUNCTION goodstanding_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% {REFUSAL}', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$"""


def protect(vendor: str, table: str, keys: Sequence[Sequence[str]]) -> Iterator[str]:
    """The statements for one table on "postgresql" or "sqlite"; safe to run again.

    `keys` are its unique keys, each a sequence of columns, the primary key included. SQLite needs them:
    INSERT OR REPLACE deletes the row in the way without asking the delete trigger (unless the connection
    has `recursive_triggers` on), so a trigger before the insert looks for one. A key with a NULL is never in the way.
    """
    if vendor == "postgresql":
        yield _FUNCTION
        for event in ("UPDATE", "DELETE", "TRUNCATE"):
            yield f"DROP TRIGGER IF EXISTS {table}_no_{event.lower()} ON {table}"
            yield (
                f"CREATE TRIGGER {table}_no_{event.lower()} BEFORE {event} ON {table}"
                " FOR EACH STATEMENT EXECUTE FUNCTION goodstanding_append_only()"
            )
        return
    refuse = f"SELECT RAISE(ABORT, '{table} {REFUSAL}')"
    for event in ("UPDATE", "DELETE"):
        yield f"DROP TRIGGER IF EXISTS {table}_no_{event.lower()}"
        yield f"CREATE TRIGGER {table}_no_{event.lower()} BEFORE {event} ON {table} BEGIN {refuse}; END"
    in_the_way = " OR ".join(
        f"EXISTS (SELECT 1 FROM {table} WHERE " + " AND ".join(f'"{column}" = NEW."{column}"' for column in key) + ")"
        for key in keys
    )
    yield f"DROP TRIGGER IF EXISTS {table}_no_replace"
    yield f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN {in_the_way} BEGIN {refuse}; END"


def expose(vendor: str, table: str) -> Iterator[str]:
    """The statements that take the protection off again: for a migration backwards, never for the running program."""
    on_table = f" ON {table}" if vendor == "postgresql" else ""
    for event in ("update", "delete", "truncate" if vendor == "postgresql" else "replace"):
        yield f"DROP TRIGGER IF EXISTS {table}_no_{event}{on_table}"
