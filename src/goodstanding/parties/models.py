"""Tables of customers, contacts, merges, and the nightly figures and classes."""

from django.db import models

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
    version = models.PositiveIntegerField(default=1)  # optimistic lock
    batch = models.BigIntegerField(null=True, blank=True)  # the import that made it, opaque here

    class Meta:
        ordering = ("code",)
        # every page asks whether any customer changed (reports/snapshot.people): answered by this index alone
        indexes = (models.Index(fields=("version", "parent"), name="customer_state"),)
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
