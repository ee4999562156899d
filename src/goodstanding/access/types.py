"""Who acts: the facts about a person that rules and queries ask for."""

from dataclasses import dataclass
from datetime import datetime

SYSTEM_ROLE = "system"  # nobody can be given it: only the machine's own actors below have it


@dataclass(frozen=True, slots=True)
class Actor:
    """Someone who acts, with what decides what they may do and see.

    `territories` is None for someone who sees every customer; otherwise it holds the territories of
    their own teams, and customers of `hidden_territories` (other teams') don't exist for them.
    Customers of a territory that belongs to no team, or of no territory, are seen by all.
    """

    id: int
    name: str
    roles: frozenset[str]
    territories: frozenset[str] | None = None
    hidden_territories: frozenset[str] = frozenset()

    @property
    def signature(self) -> str:
        """How the audit trail names them: the name, and the number that never changes."""
        return f"{self.name[:180]} #{self.id}" if self.id else self.name

    def signed(self, signature: str) -> bool:
        """Whether a signature is theirs, whatever their name was when they gave it."""
        return signature.rpartition(" #")[2] == str(self.id) if self.id else signature == self.signature

    @property
    def hidden(self) -> frozenset[str]:
        """The territories whose customers don't exist for them."""
        return frozenset() if self.territories is None else self.hidden_territories

    def sees(self, territory: str) -> bool:
        """Whether customers of this territory exist for them."""
        return territory not in self.hidden


SYSTEM = Actor(id=0, name="terminal", roles=frozenset({SYSTEM_ROLE}))
NIGHTLY = Actor(id=0, name="nightly", roles=frozenset({SYSTEM_ROLE}))


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in the audit trail that can't have come about by itself.

    `sequence` is the entry meant (0: the trail or its anchor as a whole).
    """

    sequence: int
    template: str
    detail: str = ""

    @property
    def message(self) -> str:
        """The finding in English."""
        return self.template.format(sequence=self.sequence, detail=self.detail)


@dataclass(frozen=True, slots=True)
class Stored:
    """One entry of the audit trail exactly as the database holds it: texts, or whatever was put there instead."""

    sequence: int
    at: str
    actor: str
    action: str
    subject: str
    before: str | None
    after: str | None
    previous: str
    hash: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the audit trail for reading."""

    sequence: int
    at: datetime
    actor: str
    action: str
    subject: str
    before: object
    after: object


@dataclass(frozen=True, slots=True)
class View:
    """A saved view of a list. `opens`: whether the list opens with it for its owner."""

    id: int
    owner: int
    owner_name: str
    name: str
    params: dict[str, str]
    shared: bool
    opens: bool


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """Someone who signs in, with their roles and teams."""

    id: int
    username: str
    name: str
    active: bool
    roles: frozenset[str]
    teams: tuple[str, ...]
    email: str = ""


@dataclass(frozen=True, slots=True)
class TeamFacts:
    """A team: whose customers' territories only its members see."""

    name: str
    members: tuple[str, ...]  # usernames
    territories: tuple[str, ...]
