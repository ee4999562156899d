"""Strategies, runs, decisions and what was done about them refuse to be changed, on both databases."""

from django.db import migrations

from goodstanding.kernel.append_only import expose, protect

FACTS = {
    "collections_strategy": (("id",), ("version",)),
    "collections_run": (("id",),),
    "collections_decision": (("id",), ("run_id", "customer_id", "currency")),
    "collections_completion": (("id",), ("decision_id", "item")),
    "collections_doing": (("id",),),
    "collections_assignment": (("id",), ("experiment", "customer_id")),
}


def forwards(_apps, editor):
    for table, keys in FACTS.items():
        for statement in protect(editor.connection.vendor, table, keys):
            editor.execute(statement, params=None)


def backwards(_apps, editor):
    for table in FACTS:
        for statement in expose(editor.connection.vendor, table):
            editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("collections", "0001_initial")]

    operations = [migrations.RunPython(forwards, backwards)]
