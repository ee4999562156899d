"""What somebody who owns the database can do: change a row behind the triggers."""

from django.db import connection


def behind_the_triggers(statement: str) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL session_replication_role = replica")
            cursor.execute(statement)
            changed = cursor.rowcount
            cursor.execute("SET LOCAL session_replication_role = DEFAULT")
        else:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            triggers = cursor.fetchall()
            for name, _sql in triggers:
                cursor.execute(f'DROP TRIGGER "{name}"')
            cursor.execute(statement)
            changed = cursor.rowcount
            for _name, sql in triggers:
                cursor.execute(sql)
    assert changed > 0
