import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("parties", "0007_working_calendar"),
    ]

    operations = [
        migrations.CreateModel(
            name="Run",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("as_of", models.DateField()),
                ("fingerprint", models.CharField(max_length=64)),
                ("counts", models.JSONField(default=dict)),
                ("by", models.CharField(max_length=200)),
                ("posted_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Strategy",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(unique=True)),
                ("start", models.DateField()),
                ("text", models.TextField()),
                ("by", models.CharField(max_length=200)),
                ("posted_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("currency", models.CharField(max_length=3)),
                ("action", models.CharField(max_length=16)),
                ("step", models.CharField(blank=True, default="", max_length=200)),
                ("level", models.PositiveSmallIntegerField(default=0)),
                ("channel", models.CharField(blank=True, default="", max_length=16)),
                ("tone", models.CharField(blank=True, default="", max_length=32)),
                ("purpose", models.CharField(blank=True, default="", max_length=32)),
                ("who", models.CharField(blank=True, default="", max_length=32)),
                ("variant", models.CharField(blank=True, default="", max_length=64)),
                ("amount", models.BigIntegerField()),
                ("credits", models.BigIntegerField(default=0)),
                ("items", models.JSONField(default=list)),
                ("reasons", models.JSONField(default=list)),
                ("code", models.CharField(blank=True, default="", max_length=32)),
                ("gain_amount", models.BigIntegerField(default=0)),
                ("chance", models.PositiveSmallIntegerField(default=0)),
                ("expected", models.BigIntegerField(default=0)),
                ("minutes", models.PositiveSmallIntegerField(default=1)),
                ("rank", models.BigIntegerField(default=0)),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="decisions", to="parties.customer"
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="decisions", to="collections.run"
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="run",
            name="strategy",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="runs", to="collections.strategy"
            ),
        ),
        migrations.CreateModel(
            name="Assignment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("experiment", models.CharField(max_length=64)),
                ("variant", models.CharField(max_length=64)),
                ("on", models.DateField()),
                ("posted_at", models.DateTimeField()),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="assignments", to="parties.customer"
                    ),
                ),
                (
                    "strategy",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assignments",
                        to="collections.strategy",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Completion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("item", models.BigIntegerField(db_index=True)),
                ("level", models.PositiveSmallIntegerField()),
                ("on", models.DateField()),
                ("how", models.CharField(blank=True, default="", max_length=200)),
                ("posted_at", models.DateTimeField()),
                (
                    "decision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="completions",
                        to="collections.decision",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("decision", "item"), name="completion_once")],
            },
        ),
        migrations.CreateModel(
            name="Doing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("taken", "Taken"),
                            ("given_back", "Given Back"),
                            ("snoozed", "Snoozed"),
                            ("done", "Done"),
                            ("reopened", "Reopened"),
                        ],
                        max_length=16,
                    ),
                ),
                ("owner", models.CharField(blank=True, default="", max_length=200)),
                ("until", models.DateField(blank=True, null=True)),
                ("reason", models.CharField(blank=True, default="", max_length=200)),
                ("outcome", models.CharField(blank=True, default="", max_length=32)),
                ("by", models.CharField(max_length=200)),
                ("at", models.DateTimeField()),
                (
                    "decision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="doings", to="collections.decision"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["decision", "-id"], name="doing_newest")],
            },
        ),
        migrations.AddIndex(
            model_name="decision",
            index=models.Index(fields=["run", "action", "-rank"], name="decision_by_rank"),
        ),
        migrations.AddIndex(
            model_name="decision",
            index=models.Index(fields=["customer", "-id"], name="decision_of_customer"),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.UniqueConstraint(fields=("run", "customer", "currency"), name="decision_once_a_run"),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.CheckConstraint(
                condition=models.Q(("action__in", ("remind", "call", "visit", "letter", "hand_over", "withhold"))),
                name="decision_action_known",
            ),
        ),
        migrations.AddIndex(
            model_name="run",
            index=models.Index(fields=["-as_of", "-id"], name="run_newest"),
        ),
        migrations.AddConstraint(
            model_name="assignment",
            constraint=models.UniqueConstraint(fields=("experiment", "customer"), name="assigned_once"),
        ),
    ]
