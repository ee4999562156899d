"""Tables of people, roles, teams and the audit trail."""

from django.contrib.auth.models import AbstractUser
from django.db import models


class Role(models.TextChoices):
    """What a person does here; `rules.PERMISSIONS` says what each may do."""

    CREDIT_MANAGER = "credit_manager"
    COLLECTOR = "collector"
    ACCOUNT_MANAGER = "account_manager"
    SERVICE_AGENT = "service_agent"
    CASHIER = "cashier"
    OWNER = "owner"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


class Person(AbstractUser):
    """Someone who signs in. What they may do comes from roles only, never from Django's own permissions."""

    first_name = None
    last_name = None
    name = models.CharField(max_length=200, blank=True, default="")
    language = models.CharField(max_length=16, blank=True, default="")
    theme = models.CharField(max_length=8, blank=True, default="")

    def __str__(self) -> str:
        return self.name or self.username


class PersonRole(models.Model):
    """A role a person has."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="roles")
    role = models.CharField(max_length=32, choices=Role.choices)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("person", "role"), name="role_once_per_person"),)

    def __str__(self) -> str:
        return self.role


class Team(models.Model):
    """A group of people who alone see the customers of their territories (all-seeing roles aside)."""

    name = models.CharField(max_length=100, unique=True)
    members = models.ManyToManyField(Person, related_name="teams", blank=True)

    def __str__(self) -> str:
        return self.name


class TeamTerritory(models.Model):
    """A territory that belongs to a team; its name is the customers' `territory`."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="territories")
    territory = models.CharField(max_length=64, unique=True)

    def __str__(self) -> str:
        return self.territory


class SavedView(models.Model):
    """How a person likes to see a list: its filters, order and columns under a name, for themselves or for all."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="views")
    page = models.CharField(max_length=32)
    name = models.CharField(max_length=60)
    params = models.JSONField(default=dict)  # what the list's address says, without its day and place
    shared = models.BooleanField(default=False)
    opens = models.BooleanField(default=False)  # whether the list opens with it, for its owner

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("person", "page", "name"), name="view_once_per_person"),
            models.UniqueConstraint(
                fields=("person", "page"), condition=models.Q(opens=True), name="one_view_opens_a_list"
            ),
        )
        indexes = (models.Index(fields=("page", "shared"), name="views_of_a_page"),)

    def __str__(self) -> str:
        return self.name


class AuditEntry(models.Model):
    """One action: who, what, when, before, after. Each entry's hash covers the one before it."""

    sequence = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    actor = models.CharField(max_length=200)
    action = models.CharField(max_length=64)
    subject = models.CharField(max_length=200)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        indexes = (models.Index(fields=("action", "at")), models.Index(fields=("subject",)))

    def __str__(self) -> str:
        return f"{self.sequence} {self.action} {self.subject}"
