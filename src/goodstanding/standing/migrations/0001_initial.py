import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("parties", "0007_working_calendar"),
    ]

    operations = [
        migrations.CreateModel(
            name="Standing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("as_of", models.DateField()),
                ("figure", models.PositiveSmallIntegerField(null=True)),
                ("them", models.PositiveSmallIntegerField(null=True)),
                ("us", models.PositiveSmallIntegerField(null=True)),
                ("trend", models.SmallIntegerField(null=True)),
                ("reasons", models.JSONField(default=list)),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="standings", to="parties.customer"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["as_of", "figure"], name="standing_by_figure")],
                "constraints": [models.UniqueConstraint(fields=("as_of", "customer"), name="standing_once_a_night")],
            },
        ),
    ]
