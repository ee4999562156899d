"""The audit trail refuses UPDATE, DELETE and TRUNCATE, and on SQLite INSERT OR REPLACE."""

from django.db import migrations

from goodstanding.kernel.append_only import expose, protect

TABLE = "access_auditentry"
KEYS = (("sequence",), ("hash",))


def forwards(_apps, schema_editor):
    for statement in protect(schema_editor.connection.vendor, TABLE, KEYS):
        schema_editor.execute(statement, params=None)


def backwards(_apps, schema_editor):
    for statement in expose(schema_editor.connection.vendor, TABLE):
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("access", "0001_initial")]
    operations = [migrations.RunPython(forwards, backwards)]
