"""Tables of the subledger. Items and matches are facts: inserted, never changed (triggers refuse it)."""

from django.db import models

NUMBER = 64
NAME = 200


class Kind(models.TextChoices):
    """What an item is; the kind gives the sign (see `rules.sign`)."""

    INVOICE = "invoice"
    DEBIT_NOTE = "debit_note"
    CREDIT_NOTE = "credit_note"
    PAYMENT = "payment"
    REFUND = "refund"
    WRITE_OFF = "write_off"
    RECOVERY = "recovery"
    LATE_FEE = "late_fee"
    OPENING = "opening"


class Item(models.Model):
    """One document or money fact of one customer.

    `entry` counts the lives of a number: 1 is the original, 2 its reversal, 3 the number
    posted again, and so on; an even entry is a reversal and has the opposite sign.
    """

    customer = models.ForeignKey("parties.Customer", on_delete=models.PROTECT, related_name="items")
    number = models.CharField(max_length=NUMBER)
    entry = models.PositiveSmallIntegerField(default=1)
    reverses = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="reversal")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    date = models.DateField()
    due = models.DateField()  # the document date where a file gives none
    amount = models.BigIntegerField()  # minor units, positive
    tax = models.BigIntegerField(default=0)  # minor units, contained in `amount`
    currency = models.CharField(max_length=3)
    reference = models.CharField(max_length=200, blank=True, default="")
    order = models.CharField(max_length=NUMBER, blank=True, default="")
    seller = models.CharField(max_length=200, blank=True, default="")
    reason = models.CharField(max_length=64, blank=True, default="")  # why: discount, tolerance, bad_debt …
    posted_at = models.DateTimeField()
    batch = models.BigIntegerField(null=True, blank=True, db_index=True)  # the import that posted it, opaque here

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("customer", "number", "entry"), name="item_key"),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="item_amount_positive"),
            models.CheckConstraint(condition=models.Q(kind__in=Kind.values), name="item_kind_known"),
            models.CheckConstraint(
                condition=models.Q(tax__gte=0) & models.Q(tax__lte=models.F("amount")), name="item_tax_within_amount"
            ),
        )
        indexes = (models.Index(fields=("number",)),)

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"


class Match(models.Model):
    """A credit settles part of a debit, from `date` on. An undo is a match of its own, pointing back."""

    key = models.CharField(max_length=200, unique=True)
    date = models.DateField()
    credit_item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="credit_matches")
    debit_item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="debit_matches")
    amount = models.BigIntegerField()  # minor units, positive; an undo counts the other way
    undoes = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="undo")
    posted_at = models.DateTimeField()
    batch = models.BigIntegerField(null=True, blank=True, db_index=True)

    class Meta:
        constraints = (models.CheckConstraint(condition=models.Q(amount__gt=0), name="match_amount_positive"),)

    def __str__(self) -> str:
        return self.key


class Balance(models.Model):
    """What is open of an item now: kept alongside, rebuilt and compared each night, never the truth itself."""

    item = models.OneToOneField(Item, primary_key=True, on_delete=models.PROTECT, related_name="balance")
    open = models.BigIntegerField()  # minor units, 0 … amount

    class Meta:
        constraints = (models.CheckConstraint(condition=models.Q(open__gte=0), name="balance_not_negative"),)
        indexes = (models.Index(fields=("item",), condition=models.Q(open__gt=0), name="balance_open"),)

    def __str__(self) -> str:
        return f"{self.item_id}: {self.open}"


class Hold(models.Model):
    """Why an amount isn't asked for, from `placed` on. `source` is opaque: whoever placed it knows."""

    key = models.CharField(max_length=200, unique=True)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="holds")
    amount = models.BigIntegerField()  # minor units, at most the item's amount
    reason = models.CharField(max_length=64)  # dispute, promise, own_promise, other …
    source = models.CharField(max_length=200, blank=True, default="")
    placed = models.DateField()
    posted_at = models.DateTimeField()

    class Meta:
        constraints = (models.CheckConstraint(condition=models.Q(amount__gt=0), name="hold_amount_positive"),)

    def __str__(self) -> str:
        return self.key


class HoldRelease(models.Model):
    """The end of a hold: a dated fact of its own."""

    hold = models.OneToOneField(Hold, on_delete=models.PROTECT, related_name="release")
    released = models.DateField()
    reason = models.CharField(max_length=64, blank=True, default="")
    posted_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.hold_id)


class PeriodClose(models.Model):
    """The books are closed through this day; the newest row holds. Reopening is an earlier day with a reason."""

    through = models.DateField()
    reason = models.CharField(max_length=200, blank=True, default="")
    digest = models.CharField(max_length=64, blank=True, default="")  # of the trial balance through that day, then
    posted_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.through)


class LedgerState(models.Model):
    """One row that writers share and closers and snapshots take alone: the ledger's lock."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    closed_through = models.DateField(null=True, blank=True)

    class Meta:
        constraints = (models.CheckConstraint(condition=models.Q(id=1), name="ledger_state_one_row"),)

    def __str__(self) -> str:
        return f"closed through {self.closed_through}"


class Policy(models.Model):
    """What the firm decided about its receivables: one row. It changes no fact, only how facts are shown and asked."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    limits = models.JSONField(default=list)  # days past due at which a bucket ends
    tolerances = models.JSONField(default=dict)  # currency → minor units
    version = models.PositiveIntegerField(default=0)  # optimistic lock

    class Meta:
        constraints = (models.CheckConstraint(condition=models.Q(id=1), name="policy_one_row"),)

    def __str__(self) -> str:
        return f"buckets {self.limits}"


class LateRule(models.Model):
    """What is charged for lateness in a currency from a day on; of one start the newest row holds."""

    currency = models.CharField(max_length=3)
    start = models.DateField()
    kind = models.CharField(max_length=16)  # off, daily, annual, reference
    rate = models.PositiveIntegerField(default=0)  # parts in 100,000
    fee = models.BigIntegerField(default=0)  # minor units, once an item
    grace = models.PositiveSmallIntegerField(default=0)  # days
    by = models.CharField(max_length=NAME)
    posted_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(kind__in=("off", "daily", "annual", "reference")), name="late_rule_kind_known"
            ),
            models.CheckConstraint(condition=models.Q(fee__gte=0), name="late_rule_fee_not_negative"),
        )

    def __str__(self) -> str:
        return f"{self.currency} {self.kind} {self.rate}"


class ReferenceRate(models.Model):
    """A reference rate a year from a day on; of one start the newest row holds."""

    currency = models.CharField(max_length=3)
    start = models.DateField()
    rate = models.IntegerField()  # parts in 100,000, below zero too
    by = models.CharField(max_length=NAME)
    posted_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.currency} {self.start} {self.rate}"


class LimitationTerm(models.Model):
    """After how many years a claim can't be enforced any more, from a day on."""

    start = models.DateField()
    years = models.PositiveSmallIntegerField()
    by = models.CharField(max_length=NAME)
    posted_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.start}: {self.years}"


class Confirmation(models.Model):
    """A customer was asked whether a balance agrees: so much, in one currency, at the end of a day."""

    key = models.CharField(max_length=NAME, unique=True)
    customer = models.ForeignKey("parties.Customer", on_delete=models.PROTECT, related_name="confirmations")
    currency = models.CharField(max_length=3)
    as_of = models.DateField()
    amount = models.BigIntegerField()  # minor units, below zero when we owe them
    items = models.PositiveIntegerField()
    language = models.CharField(max_length=16)
    until = models.DateField()  # the last day on which its link is answered
    by = models.CharField(max_length=NAME)
    posted_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.key


class ConfirmationAnswer(models.Model):
    """What they said: it agrees, or what their books have instead, and why."""

    confirmation = models.OneToOneField(Confirmation, on_delete=models.PROTECT, related_name="answer")
    agrees = models.BooleanField()
    amount = models.BigIntegerField()  # minor units, by their books
    why = models.CharField(max_length=1000, blank=True, default="")
    name = models.CharField(max_length=NAME)
    on = models.DateField()
    posted_at = models.DateTimeField()

    class Meta:
        constraints = (models.CheckConstraint(condition=~models.Q(name=""), name="confirmation_answer_named"),)

    def __str__(self) -> str:
        return f"{self.confirmation_id}: {self.agrees}"


class ConfirmationWithdrawal(models.Model):
    """The link of a confirmation is answered no more."""

    confirmation = models.OneToOneField(Confirmation, on_delete=models.PROTECT, related_name="withdrawal")
    by = models.CharField(max_length=NAME)
    posted_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.confirmation_id)
