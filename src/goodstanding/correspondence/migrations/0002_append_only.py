"""Messages and what happened to them refuse to be changed, on both databases."""

from django.db import migrations

from goodstanding.kernel.append_only import expose, protect

FACTS = {
    "correspondence_message": (("id",), ("key",), ("message_id",)),
    "correspondence_messageevent": (("id",),),
    "correspondence_template": (("id",), ("purpose", "tone", "language", "version")),
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
    dependencies = [("correspondence", "0001_initial")]

    operations = [migrations.RunPython(forwards, backwards)]
