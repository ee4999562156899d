"""Tables of correspondence: messages, where each stands, and what happened to it."""

from django.db import models

NAME = 200


class Message(models.Model):
    """What is to be said to a customer: written once, never changed. Where it stands is its `Delivery`."""

    key = models.CharField(max_length=NAME, unique=True)
    message_id = models.CharField(max_length=NAME, unique=True)  # a repeat carries the same
    customer = models.ForeignKey("parties.Customer", on_delete=models.PROTECT, related_name="messages")
    channel = models.CharField(max_length=16)  # email or post
    kind = models.CharField(max_length=16)
    to = models.CharField(max_length=500)
    contact = models.CharField(max_length=NAME, blank=True, default="")
    language = models.CharField(max_length=16)
    subject = models.CharField(max_length=NAME)
    body = models.TextField()
    currency = models.CharField(max_length=3, blank=True, default="")
    items = models.JSONField(default=list)  # [item id, open minor units named]
    promised = models.JSONField(default=list)  # [day, minor units]
    attachments = models.JSONField(default=list)  # [name, media, digest]
    source = models.CharField(max_length=NAME, blank=True, default="")  # what made it, opaque here
    by = models.CharField(max_length=NAME)
    at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=("customer", "-at"), name="message_newest"),)
        constraints = (
            models.CheckConstraint(condition=models.Q(channel__in=("email", "post")), name="message_channel_known"),
            models.CheckConstraint(condition=~models.Q(to="") & ~models.Q(body=""), name="message_says_something"),
        )

    def __str__(self) -> str:
        return self.message_id


class Delivery(models.Model):
    """Where a message stands: the one row of it that changes, each time by a conditional update.

    `claimed` has not touched the wire and may be claimed again when its lease has run out; `sending` may have
    gone out, so a lease that ran out there is `unknown`, and a person says what happened.
    """

    class State(models.TextChoices):
        """Where a message can stand."""

        QUEUED = "queued"
        CLAIMED = "claimed"
        SENDING = "sending"
        UNKNOWN = "unknown"
        WITHHELD = "withheld"
        FAILED = "failed"
        BOUNCED = "bounced"
        SENT = "sent"
        CANCELLED = "cancelled"

    message = models.OneToOneField(Message, on_delete=models.PROTECT, primary_key=True, related_name="delivery")
    state = models.CharField(max_length=16, choices=State.choices, default=State.QUEUED)
    since = models.DateTimeField()
    not_before = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    tries = models.PositiveSmallIntegerField(default=0)  # since it was last queued by a person
    holder = models.CharField(max_length=64, blank=True, default="")
    lease_until = models.DateTimeField(null=True, blank=True)
    why = models.JSONField(default=list)  # [code, template, params] of the state it is in

    class Meta:
        indexes = (
            models.Index(fields=("state", "not_before", "message"), name="delivery_next"),
            models.Index(fields=("state", "-since"), name="delivery_newest"),
        )
        constraints = (
            models.CheckConstraint(
                condition=~models.Q(state__in=("claimed", "sending"))
                | (~models.Q(holder="") & models.Q(lease_until__isnull=False)),
                name="delivery_claim_has_a_lease",
            ),
        )

    def __str__(self) -> str:
        return f"{self.message_id} {self.state}"


class MessageEvent(models.Model):
    """One thing that happened to a message."""

    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=16)
    at = models.DateTimeField()
    by = models.CharField(max_length=NAME, blank=True, default="")
    why = models.JSONField(default=list)

    class Meta:
        indexes = (models.Index(fields=("message", "id"), name="message_event_order"),)

    def __str__(self) -> str:
        return f"{self.message_id} {self.kind}"


class Template(models.Model):
    """A version of a text for a purpose, tone and language; from `start` on the highest version that started holds."""

    purpose = models.CharField(max_length=16)
    tone = models.CharField(max_length=16)
    language = models.CharField(max_length=16)
    version = models.PositiveIntegerField()
    start = models.DateField()
    subject = models.CharField(max_length=NAME)
    body = models.TextField()
    by = models.CharField(max_length=NAME)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("purpose", "tone", "language", "version"), name="template_version_once"),
            models.CheckConstraint(condition=models.Q(version__gte=1), name="template_version_from_1"),
        )

    def __str__(self) -> str:
        return f"{self.purpose}/{self.tone}/{self.language} {self.version}"
