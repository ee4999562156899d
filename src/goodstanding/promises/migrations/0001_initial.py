import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("parties", "0007_working_calendar"),
    ]

    operations = [
        migrations.CreateModel(
            name="Promise",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=200, unique=True)),
                ("by", models.CharField(choices=[("them", "Them"), ("us", "Us")], max_length=4)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("pay", "Pay"),
                            ("delivery", "Delivery"),
                            ("call_back", "Call Back"),
                            ("answer", "Answer"),
                            ("visit", "Visit"),
                            ("credit_note", "Credit Note"),
                            ("document", "Document"),
                            ("other", "Other"),
                        ],
                        max_length=16,
                    ),
                ),
                ("made", models.DateField()),
                ("due", models.DateField()),
                ("tolerance", models.PositiveSmallIntegerField(default=0)),
                ("amount", models.BigIntegerField(blank=True, null=True)),
                ("currency", models.CharField(blank=True, default="", max_length=3)),
                ("subject", models.CharField(blank=True, default="", max_length=200)),
                ("contact", models.CharField(blank=True, default="", max_length=200)),
                ("owner", models.CharField(blank=True, default="", max_length=200)),
                ("level", models.PositiveSmallIntegerField(default=1)),
                ("plan", models.CharField(blank=True, db_index=True, default="", max_length=64)),
                ("step", models.PositiveSmallIntegerField(default=0)),
                ("posted_at", models.DateTimeField()),
                ("batch", models.BigIntegerField(blank=True, db_index=True, null=True)),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="promises", to="parties.customer"
                    ),
                ),
                (
                    "renews",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="renewal",
                        to="promises.promise",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Judgement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("kept", "Kept"),
                            ("partly_kept", "Partly Kept"),
                            ("broken", "Broken"),
                            ("withdrawn", "Withdrawn"),
                            ("renewed", "Renewed"),
                        ],
                        max_length=16,
                    ),
                ),
                ("on", models.DateField()),
                ("received", models.BigIntegerField(default=0)),
                ("reason", models.CharField(blank=True, default="", max_length=200)),
                ("posted_at", models.DateTimeField()),
                ("batch", models.BigIntegerField(blank=True, db_index=True, null=True)),
                (
                    "promise",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="judgements", to="promises.promise"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PromiseItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("item", models.BigIntegerField(db_index=True)),
                ("amount", models.BigIntegerField(blank=True, null=True)),
                (
                    "promise",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="items", to="promises.promise"
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="promise",
            index=models.Index(fields=["customer", "due"], name="promise_of_customer"),
        ),
        migrations.AddIndex(
            model_name="promise",
            index=models.Index(fields=["due"], name="promise_due"),
        ),
        migrations.AddConstraint(
            model_name="promise",
            constraint=models.CheckConstraint(
                condition=models.Q(("due__gte", models.F("made"))), name="promise_due_after_made"
            ),
        ),
        migrations.AddConstraint(
            model_name="promise",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__isnull", True), ("amount__gt", 0), _connector="OR"),
                name="promise_amount_positive",
            ),
        ),
        migrations.AddConstraint(
            model_name="promise",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("by", "them"), ("kind", "pay"), _negated=True), ("amount__isnull", False), _connector="OR"
                ),
                name="promise_to_pay_has_an_amount",
            ),
        ),
        migrations.AddConstraint(
            model_name="promise",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("by__in", ("them", "us")),
                    (
                        "kind__in",
                        ("pay", "delivery", "call_back", "answer", "visit", "credit_note", "document", "other"),
                    ),
                ),
                name="promise_by_and_kind_known",
            ),
        ),
        migrations.AddIndex(
            model_name="judgement",
            index=models.Index(fields=["promise", "on", "id"], name="judgement_newest"),
        ),
        migrations.AddConstraint(
            model_name="promiseitem",
            constraint=models.UniqueConstraint(fields=("promise", "item"), name="promise_item_once"),
        ),
    ]
