"""The rules of lateness and the confirmations of balances refuse to be changed."""

from django.db import migrations

from goodstanding.kernel.append_only import expose, protect

FACTS = {
    "receivables_laterule": (("id",),),
    "receivables_referencerate": (("id",),),
    "receivables_limitationterm": (("id",),),
    "receivables_confirmation": (("id",), ("key",)),
    "receivables_confirmationanswer": (("id",), ("confirmation_id",)),
    "receivables_confirmationwithdrawal": (("id",), ("confirmation_id",)),
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
    dependencies = [("receivables", "0004_late_interest_and_confirmations")]

    operations = [migrations.RunPython(forwards, backwards)]
