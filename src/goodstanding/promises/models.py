"""Tables of promises. A promise and its judgements are facts: inserted, never changed (triggers refuse it)."""

from django.db import models

CODE = 64
NAME = 200


class Promise(models.Model):
    """Somebody's word: theirs to pay, or ours to deliver, call back, answer, visit."""

    class By(models.TextChoices):
        """Whose word it is."""

        THEM = "them"
        US = "us"

    class Kind(models.TextChoices):
        """What was promised."""

        PAY = "pay"
        DELIVERY = "delivery"
        CALL_BACK = "call_back"
        ANSWER = "answer"
        VISIT = "visit"
        CREDIT_NOTE = "credit_note"
        DOCUMENT = "document"
        OTHER = "other"

    key = models.CharField(max_length=NAME, unique=True)  # its id in every file
    customer = models.ForeignKey("parties.Customer", on_delete=models.PROTECT, related_name="promises")
    by = models.CharField(max_length=4, choices=By.choices)
    kind = models.CharField(max_length=16, choices=Kind.choices)
    made = models.DateField()
    due = models.DateField()
    tolerance = models.PositiveSmallIntegerField(default=0)  # days after `due` until it is judged
    amount = models.BigIntegerField(null=True, blank=True)  # minor units
    currency = models.CharField(max_length=3, blank=True, default="")
    subject = models.CharField(max_length=NAME, blank=True, default="")
    contact = models.CharField(max_length=NAME, blank=True, default="")
    owner = models.CharField(max_length=NAME, blank=True, default="")  # the signature of who of ours took or keeps it
    level = models.PositiveSmallIntegerField(default=1)
    renews = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="renewal")
    plan = models.CharField(max_length=CODE, blank=True, default="", db_index=True)
    step = models.PositiveSmallIntegerField(default=0)
    posted_at = models.DateTimeField()
    batch = models.BigIntegerField(null=True, blank=True, db_index=True)  # the import that wrote it, opaque here

    class Meta:
        indexes = (
            models.Index(fields=("customer", "due"), name="promise_of_customer"),
            models.Index(fields=("due",), name="promise_due"),
        )
        constraints = (
            models.CheckConstraint(condition=models.Q(due__gte=models.F("made")), name="promise_due_after_made"),
            models.CheckConstraint(
                condition=models.Q(amount__isnull=True) | models.Q(amount__gt=0), name="promise_amount_positive"
            ),
            models.CheckConstraint(
                condition=~models.Q(by="them", kind="pay") | models.Q(amount__isnull=False),
                name="promise_to_pay_has_an_amount",
            ),
            models.CheckConstraint(
                condition=models.Q(by__in=("them", "us"))
                & models.Q(
                    kind__in=("pay", "delivery", "call_back", "answer", "visit", "credit_note", "document", "other")
                ),
                name="promise_by_and_kind_known",
            ),
        )

    def __str__(self) -> str:
        return f"{self.by} {self.kind} {self.due}"


class PromiseItem(models.Model):
    """An item that a promise is about; the item's id in the subledger, opaque here."""

    promise = models.ForeignKey(Promise, on_delete=models.PROTECT, related_name="items")
    item = models.BigIntegerField(db_index=True)
    amount = models.BigIntegerField(null=True, blank=True)  # minor units; null = all of it

    class Meta:
        constraints = (models.UniqueConstraint(fields=("promise", "item"), name="promise_item_once"),)

    def __str__(self) -> str:
        return f"{self.promise_id}: {self.item}"


class Judgement(models.Model):
    """What became of a promise from a day on; the newest one up to a day is its state on that day."""

    class State(models.TextChoices):
        """How it stands: `open` takes an earlier judgement back (money was undone)."""

        OPEN = "open"
        KEPT = "kept"
        PARTLY_KEPT = "partly_kept"
        BROKEN = "broken"
        WITHDRAWN = "withdrawn"
        RENEWED = "renewed"

    promise = models.ForeignKey(Promise, on_delete=models.PROTECT, related_name="judgements")
    state = models.CharField(max_length=16, choices=State.choices)
    on = models.DateField()
    received = models.BigIntegerField(default=0)  # minor units received in the promise's window, for theirs to pay
    reason = models.CharField(max_length=NAME, blank=True, default="")
    posted_at = models.DateTimeField()
    batch = models.BigIntegerField(null=True, blank=True, db_index=True)

    class Meta:
        indexes = (models.Index(fields=("promise", "on", "id"), name="judgement_newest"),)

    def __str__(self) -> str:
        return f"{self.promise_id} {self.state} {self.on}"
