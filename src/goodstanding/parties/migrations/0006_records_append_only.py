"""Notes, files and what withdraws them refuse to be changed, on both databases."""

from django.db import migrations

from goodstanding.kernel.append_only import expose, protect

FACTS = {
    "parties_note": (("id",), ("key",)),
    "parties_notewithdrawal": (("id",), ("note_id",)),
    "parties_attachment": (("id",), ("customer_id", "digest", "entry")),
    "parties_attachmentwithdrawal": (("id",), ("attachment_id",)),
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
    dependencies = [("parties", "0005_notes_and_files")]

    operations = [migrations.RunPython(forwards, backwards)]
