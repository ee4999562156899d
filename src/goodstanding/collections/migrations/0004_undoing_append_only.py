"""What was undone refuses to be changed too; a step may be completed again after its message came back."""

from django.db import migrations

from goodstanding.kernel.append_only import expose, protect

UNDOING, COMPLETION = "collections_undoing", "collections_completion"


def forwards(_apps, editor):
    vendor = editor.connection.vendor
    changes = [*protect(vendor, UNDOING, (("id",), ("completion_id",)))]
    changes += [*expose(vendor, COMPLETION), *protect(vendor, COMPLETION, (("id",),))]
    for statement in changes:
        editor.execute(statement, params=None)


def backwards(_apps, editor):
    for statement in expose(editor.connection.vendor, UNDOING):
        editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("collections", "0003_undoing")]

    operations = [migrations.RunPython(forwards, backwards)]
