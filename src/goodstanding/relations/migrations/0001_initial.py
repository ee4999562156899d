import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("parties", "0007_working_calendar"),
    ]

    operations = [
        migrations.CreateModel(
            name="Rate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=16)),
                ("currency", models.CharField(max_length=3)),
                ("start", models.DateField()),
                ("minute_cost", models.BigIntegerField()),
                ("piece_cost", models.BigIntegerField()),
                ("posted_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("minute_cost__gte", 0), ("piece_cost__gte", 0)), name="rate_not_negative"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Touch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=200, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("visit", "Visit"),
                            ("call", "Call"),
                            ("letter", "Letter"),
                            ("message", "Message"),
                            ("delivery", "Delivery"),
                            ("gift", "Gift"),
                            ("greeting", "Greeting"),
                            ("forum", "Forum"),
                        ],
                        max_length=16,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("by", models.CharField(blank=True, default="", max_length=200)),
                (
                    "purpose",
                    models.CharField(
                        choices=[("collect", "Collect"), ("care", "Care"), ("sell", "Sell"), ("serve", "Serve")],
                        max_length=16,
                    ),
                ),
                ("minutes", models.PositiveIntegerField(default=0)),
                ("cost", models.BigIntegerField(default=0)),
                ("currency", models.CharField(blank=True, default="", max_length=3)),
                ("outcome", models.CharField(default="done", max_length=32)),
                ("contact", models.CharField(blank=True, default="", max_length=200)),
                ("note", models.TextField(blank=True, default="")),
                ("source", models.CharField(blank=True, default="", max_length=200)),
                ("posted_at", models.DateTimeField()),
                ("batch", models.BigIntegerField(blank=True, db_index=True, null=True)),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="touches", to="parties.customer"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="TouchWithdrawal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.CharField(blank=True, default="", max_length=200)),
                ("by", models.CharField(max_length=200)),
                ("at", models.DateTimeField()),
                (
                    "touch",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="withdrawal", to="relations.touch"
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="touch",
            index=models.Index(fields=["customer", "-at"], name="touch_newest"),
        ),
        migrations.AddIndex(
            model_name="touch",
            index=models.Index(fields=["at"], name="touch_at"),
        ),
        migrations.AddConstraint(
            model_name="touch",
            constraint=models.CheckConstraint(condition=models.Q(("cost__gte", 0)), name="touch_cost_not_negative"),
        ),
        migrations.AddConstraint(
            model_name="touch",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind__in", ("visit", "call", "letter", "message", "delivery", "gift", "greeting", "forum")),
                    ("purpose__in", ("collect", "care", "sell", "serve")),
                ),
                name="touch_kind_and_purpose_known",
            ),
        ),
    ]
