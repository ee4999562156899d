"""Facts refuse to be changed, on both databases; the ledger gets its one row of state."""

from django.db import migrations

from goodstanding.kernel.append_only import expose, protect

FACTS = {
    "receivables_item": (("id",), ("customer_id", "number", "entry"), ("reverses_id",)),
    "receivables_match": (("id",), ("key",), ("undoes_id",)),
    "receivables_hold": (("id",), ("key",)),
    "receivables_holdrelease": (("id",), ("hold_id",)),
    "receivables_periodclose": (("id",),),
}


def forwards(apps, editor):
    for table, keys in FACTS.items():
        for statement in protect(editor.connection.vendor, table, keys):
            editor.execute(statement, params=None)
    apps.get_model("receivables", "LedgerState").objects.using(editor.connection.alias).get_or_create(id=1)


def backwards(apps, editor):
    for table in FACTS:
        for statement in expose(editor.connection.vendor, table):
            editor.execute(statement, params=None)
    apps.get_model("receivables", "LedgerState").objects.using(editor.connection.alias).filter(id=1).delete()


class Migration(migrations.Migration):
    dependencies = [("receivables", "0001_initial")]

    operations = [migrations.RunPython(forwards, backwards)]
