"""Promises and their judgements refuse to be changed, on both databases."""

from django.db import migrations

from goodstanding.kernel.append_only import expose, protect

FACTS = {
    "promises_promise": (("id",), ("key",), ("renews_id",)),
    "promises_promiseitem": (("id",), ("promise_id", "item")),
    "promises_judgement": (("id",),),
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
    dependencies = [("promises", "0001_initial")]

    operations = [migrations.RunPython(forwards, backwards)]
