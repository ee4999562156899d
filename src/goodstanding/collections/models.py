"""Tables of collections. Strategies, decisions and what was done about them are facts: inserted, never changed."""

from django.db import models

NAME = 200


class Strategy(models.Model):
    """A version of the strategy as it was written."""

    version = models.PositiveIntegerField(unique=True)
    start = models.DateField()
    text = models.TextField()  # YAML
    by = models.CharField(max_length=NAME)
    posted_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.version} from {self.start}"


class Run(models.Model):
    """One run over the book for one day."""

    as_of = models.DateField()
    strategy = models.ForeignKey(Strategy, on_delete=models.PROTECT, related_name="runs")
    fingerprint = models.CharField(max_length=64)  # of the facts it was drawn from: the same again changes nothing
    counts = models.JSONField(default=dict)  # action → decisions
    by = models.CharField(max_length=NAME)
    posted_at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=("-as_of", "-id"), name="run_newest"),)

    def __str__(self) -> str:
        return str(self.as_of)


class Decision(models.Model):
    """What a run decided about one customer in one currency, with its reasons."""

    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="decisions")
    customer = models.ForeignKey("parties.Customer", on_delete=models.PROTECT, related_name="decisions")
    currency = models.CharField(max_length=3)
    action = models.CharField(max_length=16)
    step = models.CharField(max_length=NAME, blank=True, default="")
    level = models.PositiveSmallIntegerField(default=0)
    channel = models.CharField(max_length=16, blank=True, default="")
    tone = models.CharField(max_length=32, blank=True, default="")
    purpose = models.CharField(max_length=32, blank=True, default="")
    who = models.CharField(max_length=32, blank=True, default="")
    variant = models.CharField(max_length=64, blank=True, default="")
    amount = models.BigIntegerField()  # minor units
    credits = models.BigIntegerField(default=0)
    items = models.JSONField(default=list)  # [[item, number, amount, level, days], …]
    reasons = models.JSONField(default=list)  # [[code, template, [[name, value], …]], …]: jsonb sorts the keys of a map
    code = models.CharField(max_length=32, blank=True, default="")  # of the first reason, for counts
    gain_amount = models.BigIntegerField(default=0)
    chance = models.PositiveSmallIntegerField(default=0)  # thousandths
    expected = models.BigIntegerField(default=0)  # minor units
    minutes = models.PositiveSmallIntegerField(default=1)
    rank = models.BigIntegerField(default=0)  # expected minor units an hour: the order of the list

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("run", "customer", "currency"), name="decision_once_a_run"),
            models.CheckConstraint(
                condition=models.Q(action__in=("remind", "call", "visit", "letter", "hand_over", "withhold")),
                name="decision_action_known",
            ),
        )
        indexes = (
            models.Index(fields=("run", "action", "-rank"), name="decision_by_rank"),
            models.Index(fields=("customer", "-id"), name="decision_of_customer"),
        )

    def __str__(self) -> str:
        return f"{self.action} {self.step}"


class Completion(models.Model):
    """A step was done for an item: the message was delivered, the call was made. Pending or failed ones aren't here.

    One without a decision came in by a file: the item was asked for before the book was here.
    """

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="completions", null=True, blank=True)
    item = models.BigIntegerField(db_index=True)  # opaque here
    level = models.PositiveSmallIntegerField()
    on = models.DateField()
    how = models.CharField(max_length=NAME, blank=True, default="")
    batch = models.BigIntegerField(null=True, blank=True, db_index=True)  # the import it came with, opaque here
    posted_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.item} level {self.level} on {self.on}"


class Undoing(models.Model):
    """A completion that turned out to be none: the message came back. From `on` it doesn't count."""

    completion = models.OneToOneField(Completion, on_delete=models.PROTECT, related_name="undoing")
    on = models.DateField()
    why = models.CharField(max_length=NAME, blank=True, default="")
    posted_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.completion_id} undone on {self.on}"


class Doing(models.Model):
    """What somebody did with a piece of work: the newest one is how it stands."""

    class Kind(models.TextChoices):
        """What it was."""

        TAKEN = "taken"
        GIVEN_BACK = "given_back"
        SNOOZED = "snoozed"
        DONE = "done"
        REOPENED = "reopened"

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="doings")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    owner = models.CharField(max_length=NAME, blank=True, default="")  # whose work it is now: a signature
    until = models.DateField(null=True, blank=True)
    reason = models.CharField(max_length=NAME, blank=True, default="")
    outcome = models.CharField(max_length=32, blank=True, default="")
    by = models.CharField(max_length=NAME)
    at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=("decision", "-id"), name="doing_newest"),)

    def __str__(self) -> str:
        return f"{self.decision_id} {self.kind}"


class Assignment(models.Model):
    """A customer's place in an experiment: drawn once, kept for good."""

    experiment = models.CharField(max_length=64)
    customer = models.ForeignKey("parties.Customer", on_delete=models.PROTECT, related_name="assignments")
    variant = models.CharField(max_length=64)  # "holdout" for those who get no letter
    on = models.DateField()
    strategy = models.ForeignKey(Strategy, on_delete=models.PROTECT, related_name="assignments")
    posted_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("experiment", "customer"), name="assigned_once"),)

    def __str__(self) -> str:
        return f"{self.experiment}: {self.variant}"
