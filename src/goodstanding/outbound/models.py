"""Tables of what went out: one row an export of the whole book."""

from django.db import models


class Export(models.Model):
    """The whole book as one file, made by the worker and kept for some days."""

    class State(models.TextChoices):
        """Where an export stands. Only `done` has a file."""

        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"
        REMOVED = "removed"

    form = models.CharField(max_length=16)  # csv or parquet; pdf: statements, and not the book
    wanted = models.JSONField(default=dict)  # of statements: customers, first and last day, language
    state = models.CharField(max_length=16, choices=State.choices, default=State.RUNNING)
    path = models.CharField(max_length=255, blank=True, default="")  # the file, below GOODSTANDING_HOME
    counts = models.JSONField(default=dict)  # table → rows
    size = models.BigIntegerField(default=0)  # bytes
    fault = models.JSONField(null=True, blank=True)  # why it failed: template and params
    actor = models.CharField(max_length=200)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    until = models.DateTimeField(null=True, blank=True)  # from then on it may be removed

    class Meta:
        constraints = (models.CheckConstraint(condition=~models.Q(state="done", path=""), name="export_done_has_file"),)

    def __str__(self) -> str:
        return f"{self.pk} {self.form}"
