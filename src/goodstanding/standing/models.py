"""Tables of standing: each night's, replaced whole, never edited."""

from django.db import models


class Standing(models.Model):
    """One customer's standing as of one night, with its reasons."""

    customer = models.ForeignKey("parties.Customer", on_delete=models.CASCADE, related_name="standings")
    as_of = models.DateField()
    figure = models.PositiveSmallIntegerField(null=True)  # 0–100
    them = models.PositiveSmallIntegerField(null=True)  # percent of their promises kept
    us = models.PositiveSmallIntegerField(null=True)  # percent of ours
    trend = models.SmallIntegerField(null=True)
    reasons = models.JSONField(default=list)  # [{"template": …, "points": …, "params": [[name, value], …]}]

    class Meta:
        constraints = (models.UniqueConstraint(fields=("as_of", "customer"), name="standing_once_a_night"),)
        indexes = (models.Index(fields=("as_of", "figure"), name="standing_by_figure"),)

    def __str__(self) -> str:
        return f"{self.customer_id} {self.as_of}: {self.figure}"
