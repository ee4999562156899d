"""Completions refuse to be changed as before: where a table is written anew, its triggers are lost."""

from django.db import migrations

from goodstanding.kernel.append_only import expose, protect

COMPLETION = "collections_completion"


def forwards(_apps, editor):
    vendor = editor.connection.vendor
    for statement in (*expose(vendor, COMPLETION), *protect(vendor, COMPLETION, (("id",),))):
        editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("collections", "0005_demands")]

    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]
