"""Tables of relations. A touch is a fact: it is withdrawn by a further row, never changed (triggers refuse it)."""

from django.db import models

NAME = 200


class Touch(models.Model):
    """Somebody of ours met, called, wrote to or did something for a customer."""

    class Kind(models.TextChoices):
        """What was done."""

        VISIT = "visit"
        CALL = "call"
        LETTER = "letter"
        MESSAGE = "message"
        DELIVERY = "delivery"
        GIFT = "gift"
        GREETING = "greeting"
        FORUM = "forum"

    class Purpose(models.TextChoices):
        """What it was done for."""

        COLLECT = "collect"
        CARE = "care"
        SELL = "sell"
        SERVE = "serve"

    key = models.CharField(max_length=NAME, unique=True)  # its id in every file
    customer = models.ForeignKey("parties.Customer", on_delete=models.PROTECT, related_name="touches")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    at = models.DateTimeField()
    by = models.CharField(max_length=NAME, blank=True, default="")
    purpose = models.CharField(max_length=16, choices=Purpose.choices)
    minutes = models.PositiveIntegerField(default=0)
    cost = models.BigIntegerField(default=0)  # minor units, minutes included
    currency = models.CharField(max_length=3, blank=True, default="")
    outcome = models.CharField(max_length=32, default="done")
    contact = models.CharField(max_length=NAME, blank=True, default="")
    note = models.TextField(blank=True, default="")
    source = models.CharField(max_length=NAME, blank=True, default="")  # what made it, opaque here
    posted_at = models.DateTimeField()
    batch = models.BigIntegerField(null=True, blank=True, db_index=True)

    class Meta:
        indexes = (
            models.Index(fields=("customer", "-at"), name="touch_newest"),
            models.Index(fields=("at",), name="touch_at"),
        )
        constraints = (
            models.CheckConstraint(condition=models.Q(cost__gte=0), name="touch_cost_not_negative"),
            models.CheckConstraint(
                condition=models.Q(
                    kind__in=("visit", "call", "letter", "message", "delivery", "gift", "greeting", "forum")
                )
                & models.Q(purpose__in=("collect", "care", "sell", "serve")),
                name="touch_kind_and_purpose_known",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.at}"


class TouchWithdrawal(models.Model):
    """A touch that no longer counts, and why."""

    touch = models.OneToOneField(Touch, on_delete=models.PROTECT, related_name="withdrawal")
    reason = models.CharField(max_length=NAME, blank=True, default="")
    by = models.CharField(max_length=NAME)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.touch_id)


class Rate(models.Model):
    """What a kind of touch costs from a day on; the newest start up to a day holds."""

    kind = models.CharField(max_length=16)
    currency = models.CharField(max_length=3)
    start = models.DateField()
    minute_cost = models.BigIntegerField()  # minor units
    piece_cost = models.BigIntegerField()
    posted_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(minute_cost__gte=0) & models.Q(piece_cost__gte=0), name="rate_not_negative"
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.currency} {self.start}"
