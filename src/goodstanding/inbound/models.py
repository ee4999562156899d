"""Tables of what came in: one row an import, and the mappings people corrected."""

from django.db import models


class Import(models.Model):
    """One file or folder that was brought in, or is on its way."""

    class State(models.TextChoices):
        """Where an import stands. Only `done` has rows in the book."""

        PENDING = "pending"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"
        UNDONE = "undone"

    digest = models.CharField(max_length=64, db_index=True)  # SHA-256 of the content and the mapping used
    name = models.CharField(max_length=255)
    state = models.CharField(max_length=16, choices=State.choices, default=State.PENDING)
    path = models.CharField(max_length=1024, blank=True, default="")  # the upload waiting, below GOODSTANDING_HOME
    options = models.JSONField(default=dict)  # mapping, currency, number and date format
    counts = models.JSONField(default=dict)  # table → rows created
    faults = models.JSONField(default=list)
    step = models.CharField(max_length=32, blank=True, default="")
    progress = models.BigIntegerField(default=0)  # rows so far
    total = models.BigIntegerField(default=0)
    actor = models.CharField(max_length=200, blank=True, default="")
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("digest",), condition=models.Q(state="done"), name="import_once_while_done"
            ),
        )
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"{self.id} {self.name}"


class Mapping(models.Model):
    """A mapping a person confirmed, remembered by the file's shape (its normalised headers)."""

    shape = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=255, blank=True, default="")  # that of the first file, or what a person said
    options = models.JSONField(default=dict)
    columns = models.JSONField(default=list)  # [header, field it becomes or ""], as the last file had them
    used = models.PositiveIntegerField(default=0)  # imports that were confirmed with it
    used_at = models.DateTimeField(null=True, blank=True)
    updated_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)  # optimistic lock

    def __str__(self) -> str:
        return self.name or self.shape
