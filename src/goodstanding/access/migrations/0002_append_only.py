"""The audit trail refuses UPDATE, DELETE and TRUNCATE, and on SQLite INSERT OR REPLACE, by triggers."""

from django.db import migrations

POSTGRESQL = """
CREATE FUNCTION access_auditentry_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit trail is append-only' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER access_auditentry_rows BEFORE UPDATE OR DELETE ON access_auditentry
    FOR EACH ROW EXECUTE FUNCTION access_auditentry_refuse();
CREATE TRIGGER access_auditentry_truncate BEFORE TRUNCATE ON access_auditentry
    FOR EACH STATEMENT EXECUTE FUNCTION access_auditentry_refuse();
"""
SQLITE = (
    """CREATE TRIGGER access_auditentry_update BEFORE UPDATE ON access_auditentry
    BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END""",
    """CREATE TRIGGER access_auditentry_delete BEFORE DELETE ON access_auditentry
    BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END""",
    # Without this, INSERT OR REPLACE would take the old row away behind the delete trigger's back
    # on a connection that has not switched recursive_triggers on.
    """CREATE TRIGGER access_auditentry_replace BEFORE INSERT ON access_auditentry
    WHEN EXISTS (SELECT 1 FROM access_auditentry WHERE sequence = NEW.sequence OR hash = NEW.hash)
    BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END""",
)
BACK = {
    "postgresql": (
        "DROP TRIGGER access_auditentry_rows ON access_auditentry",
        "DROP TRIGGER access_auditentry_truncate ON access_auditentry",
        "DROP FUNCTION access_auditentry_refuse()",
    ),
    "sqlite": tuple(f"DROP TRIGGER access_auditentry_{what}" for what in ("update", "delete", "replace")),
}


def forwards(_apps, schema_editor):
    statements = (POSTGRESQL,) if schema_editor.connection.vendor == "postgresql" else SQLITE
    for statement in statements:
        schema_editor.execute(statement)


def backwards(_apps, schema_editor):
    for statement in BACK[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("access", "0001_initial")]
    operations = [migrations.RunPython(forwards, backwards)]
