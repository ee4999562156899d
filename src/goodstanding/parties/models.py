"""Tables of customers, contacts, merges, notes, files, and the nightly figures and classes."""

from django.db import models
from django.db.models.functions import Right

CODE = 64
NAME = 200


class Customer(models.Model):
    """Someone who buys on credit. `code` is the key in every file."""

    class Status(models.TextChoices):
        """What a customer may do: `merged` means another customer carries on."""

        ACTIVE = "active"
        ON_HOLD = "on_hold"
        CLOSED = "closed"
        MERGED = "merged"

    code = models.CharField(max_length=CODE, unique=True)
    name = models.CharField(max_length=NAME)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="members")
    kind = models.CharField(max_length=CODE, blank=True, default="")
    territory = models.CharField(max_length=CODE, blank=True, default="", db_index=True)
    account_manager = models.CharField(max_length=NAME, blank=True, default="")
    currency = models.CharField(max_length=3, blank=True, default="")
    terms = models.CharField(max_length=CODE, blank=True, default="")
    credit_limit = models.BigIntegerField(null=True, blank=True)  # minor units of `currency`; null = the policy's
    since = models.DateField(null=True, blank=True)
    status = models.CharField(max_length=16, choices=Status.choices, default=Status.ACTIVE)
    search = models.TextField(blank=True, default="")  # folded code, name, pinyin and initials
    sort_key = models.TextField(blank=True, default="")  # the name as lists are ordered by it: rules/search.sort_key
    version = models.PositiveIntegerField(default=1)  # optimistic lock
    batch = models.BigIntegerField(null=True, blank=True)  # the import that made it, opaque here

    class Meta:
        ordering = ("code",)
        # every page asks whether any customer changed (reports/snapshot.people): answered by this index alone
        indexes = (
            models.Index(fields=("version", "parent"), name="customer_state"),
            models.Index(fields=("sort_key", "code"), name="customer_by_name"),
        )
        constraints = (
            models.CheckConstraint(condition=~models.Q(code=""), name="customer_has_a_code"),
            models.CheckConstraint(condition=~models.Q(name=""), name="customer_has_a_name"),
            models.CheckConstraint(
                condition=models.Q(credit_limit__isnull=True) | models.Q(credit_limit__gte=0),
                name="customer_limit_not_negative",
            ),
        )

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Contact(models.Model):
    """A person at a customer."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="contacts")
    name = models.CharField(max_length=NAME)
    role = models.CharField(max_length=NAME, blank=True, default="")
    email = models.CharField(max_length=254, blank=True, default="")
    phone = models.CharField(max_length=64, blank=True, default="")
    birthday = models.CharField(max_length=10, blank=True, default="")  # YYYY-MM-DD, or MM-DD without the year
    birthday_day = models.GeneratedField(  # MM-DD: whose birthday is near, whatever the year
        expression=Right("birthday", 5), output_field=models.CharField(max_length=5), db_persist=True, db_index=True
    )
    birthday_calendar = models.CharField(max_length=8, blank=True, default="")  # solar or lunar
    language = models.CharField(max_length=16, blank=True, default="")
    channel = models.CharField(max_length=32, blank=True, default="")
    may_contact = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("customer", "name")
        constraints = (models.UniqueConstraint(fields=("customer", "name"), name="contact_once_per_customer"),)

    def __str__(self) -> str:
        return self.name


class Merge(models.Model):
    """Two codes turned out to be one customer. A dated fact: reports before `on` keep them apart."""

    merged = models.OneToOneField(Customer, on_delete=models.PROTECT, related_name="merge")
    survivor = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="absorbed")
    on = models.DateField()
    reason = models.CharField(max_length=NAME, blank=True, default="")

    class Meta:
        constraints = (
            models.CheckConstraint(condition=~models.Q(merged=models.F("survivor")), name="merge_of_two_customers"),
        )

    def __str__(self) -> str:
        return f"{self.merged_id} → {self.survivor_id}"


class Note(models.Model):
    """What somebody wrote down about a customer. A fact: it is withdrawn by a further row, never changed."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="notes")
    key = models.CharField(max_length=CODE, unique=True)  # the same form sent twice writes one note
    text = models.TextField()
    pinned = models.BooleanField(default=False)
    by = models.CharField(max_length=NAME)
    at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=("customer", "-at"), name="note_newest"),)
        constraints = (models.CheckConstraint(condition=~models.Q(text=""), name="note_has_a_text"),)

    def __str__(self) -> str:
        return f"{self.customer_id} {self.at}"


class NoteWithdrawal(models.Model):
    """A note that no longer counts; it stays readable for those who may."""

    note = models.OneToOneField(Note, on_delete=models.PROTECT, related_name="withdrawal")
    by = models.CharField(max_length=NAME)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.note_id)


class Attachment(models.Model):
    """A file kept with a customer. Its bytes lie in the data folder under their digest (`inbound.files`).

    `entry` counts the lives of the same bytes at the same customer: 2 is attached again after 1 was withdrawn.
    """

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="attachments")
    digest = models.CharField(max_length=64)  # SHA-256
    entry = models.PositiveSmallIntegerField(default=1)
    name = models.CharField(max_length=NAME)
    kind = models.CharField(max_length=32)  # contract, licence, delivery …
    title = models.CharField(max_length=NAME, blank=True, default="")
    size = models.BigIntegerField()  # bytes
    by = models.CharField(max_length=NAME)
    at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=("customer", "-at"), name="attachment_newest"),)
        constraints = (models.UniqueConstraint(fields=("customer", "digest", "entry"), name="attachment_key"),)

    def __str__(self) -> str:
        return self.name


class AttachmentWithdrawal(models.Model):
    """A file that no longer counts, and why; its bytes stay."""

    attachment = models.OneToOneField(Attachment, on_delete=models.PROTECT, related_name="withdrawal")
    reason = models.CharField(max_length=NAME)
    by = models.CharField(max_length=NAME)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.attachment_id)


class CustomerFigures(models.Model):
    """One customer's figures in one currency as of one night; rebuilt whole each night."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="figures")
    currency = models.CharField(max_length=3)
    as_of = models.DateField()
    open_minor = models.BigIntegerField()
    overdue_minor = models.BigIntegerField()
    unapplied_minor = models.BigIntegerField()
    values = models.JSONField(default=dict)  # figure name → number, or null with "<name>_why"

    class Meta:
        constraints = (models.UniqueConstraint(fields=("as_of", "customer", "currency"), name="figures_once_a_night"),)

    def __str__(self) -> str:
        return f"{self.customer_id} {self.currency} {self.as_of}"


class CustomerClass(models.Model):
    """One class of one customer as of one night (value, recency …, behaviour), with its reason."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="classes")
    as_of = models.DateField()
    dimension = models.CharField(max_length=16)  # value, rfm, behaviour
    currency = models.CharField(max_length=3, blank=True, default="")
    label = models.CharField(max_length=32)
    reason = models.JSONField(default=dict)  # {"template": …, "params": {…}}

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("as_of", "customer", "dimension", "currency"), name="class_once_a_night"),
        )
        indexes = (models.Index(fields=("as_of", "dimension", "label")),)

    def __str__(self) -> str:
        return f"{self.customer_id} {self.dimension}={self.label}"


class Assessment(models.Model):
    """One night: its figures and classes stand stored, drawn from the book as it then was, and were checked."""

    as_of = models.DateField(unique=True)
    book = models.CharField(max_length=64)  # fingerprint of the book the figures were drawn from
    figures = models.IntegerField()
    classes = models.IntegerField()
    problems = models.JSONField(null=True)  # what the check of the kept open amounts found; null = not yet checked
    stored_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.as_of)


class WorkingCalendar(models.Model):
    """When the firm works: one row; the country's holidays and the weekly rest days."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    country = models.CharField(max_length=2, blank=True, default="")
    rest_days = models.JSONField(default=list)  # weekdays, 0 is Monday
    version = models.PositiveIntegerField(default=0)  # optimistic lock

    class Meta:
        constraints = (models.CheckConstraint(condition=models.Q(id=1), name="working_calendar_one_row"),)

    def __str__(self) -> str:
        return f"calendar of {self.country or 'no country'}"


class OwnDay(models.Model):
    """A day on which the firm is closed though others work, or works though others rest."""

    day = models.DateField(unique=True)
    name = models.CharField(max_length=100)
    working = models.BooleanField()

    def __str__(self) -> str:
        return f"{self.day} {self.name}"
