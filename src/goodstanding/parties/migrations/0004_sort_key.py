from django.db import migrations, models

from goodstanding.parties.rules.search import sort_key

CHUNK = 2_000


def fill(apps, _schema):
    """Give the customers that are there the key that lists are ordered by."""
    customers = apps.get_model("parties", "Customer").objects
    last = 0
    while rows := list(customers.filter(pk__gt=last).order_by("pk").only("pk", "name")[:CHUNK]):
        for row in rows:
            row.sort_key = sort_key(row.name)
        customers.bulk_update(rows, ["sort_key"], batch_size=200)
        last = rows[-1].pk


class Migration(migrations.Migration):
    dependencies = [("parties", "0003_birthdays")]

    operations = [
        migrations.AddField("customer", "sort_key", models.TextField(blank=True, default="")),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AddIndex("customer", models.Index(fields=["sort_key", "code"], name="customer_by_name")),
    ]
