"""Facts of collections as values: strategies, what is known of a debtor, what was decided and why."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time

ACTIONS = ("remind", "call", "visit", "letter", "hand_over", "withhold")
CHANNELS = ("email", "post", "phone", "person")
TONES = ("friendly", "firm", "final")
DECISION = "decision "  # how the source of a message, a touch or a hold names the decision it came from
OUTCOMES = ("done", "reached", "promised", "paid", "no_answer", "dispute", "refused", "other")


@dataclass(frozen=True, slots=True)
class Reason:
    """Why, in words: an English template and its parameters; `code` names it for counts and filters."""

    code: str
    template: str
    params: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a segment: from `days` after the due day, and `gap` days after the step before was completed."""

    name: str
    days: int
    gap: int
    action: str
    channel: str
    tone: str
    purpose: str = "reminder"
    minimum: Mapping[str, int] = field(default_factory=dict)  # currency → minor units
    who: str = "collector"
    minutes: int = 5


@dataclass(frozen=True, slots=True)
class Segment:
    """Whom some steps are for: empty sets are everybody. The first segment that fits holds."""

    name: str
    steps: tuple[Step, ...]
    value: frozenset[str] = frozenset()
    behaviour: frozenset[str] = frozenset()
    kind: frozenset[str] = frozenset()
    territory: frozenset[str] = frozenset()
    minimum: Mapping[str, int] = field(default_factory=dict)  # currency → minor units past due at least


@dataclass(frozen=True, slots=True)
class Experiment:
    """Variants that customers are assigned to at random; `holdout` percent get no reminder and no letter."""

    name: str
    variants: tuple[str, ...]  # tones
    holdout: int = 0


@dataclass(frozen=True, slots=True)
class Weights:
    """What a step is believed to bring: whole numbers that a strategy may state (docs/algorithms/gain.md).

    `chance` are thousandths of the amount by action, `behaviour` percent by how the customer pays, `age` percent from
    so many days late on, in rising order, `trust` thousandths of what they owe that a kept promise of ours is worth.
    """

    chance: Mapping[str, int]
    behaviour: Mapping[str, int]
    age: tuple[tuple[int, int], ...]
    trust: int


WEIGHTS = Weights(
    chance={"remind": 120, "letter": 150, "call": 250, "visit": 350, "hand_over": 200},
    behaviour={"prompt": 50, "fair": 80, "slow": 100, "late": 120},
    age=((0, 100), (31, 90), (61, 75), (91, 55), (181, 35)),
    trust=50,
)


@dataclass(frozen=True, slots=True)
class Strategy:
    """How a firm asks to be paid."""

    name: str
    segments: tuple[Segment, ...]
    per_week: int = 7
    per_day: int = 3
    quiet_from: time = time(21)
    quiet_until: time = time(8)
    tolerance: Mapping[str, int] = field(default_factory=dict)  # currency → minor units below which nobody is asked
    experiment: Experiment | None = None
    weights: Weights = WEIGHTS


@dataclass(frozen=True, slots=True)
class StoredStrategy:
    """A version of the strategy: from `start` on, the highest version that started holds."""

    version: int
    start: date
    text: str  # the YAML as written
    by: str
    strategy: Strategy


@dataclass(frozen=True, slots=True)
class Debt:
    """An open debit past or before its due day. `held` minor units of it aren't asked for; `why` are the holds' reasons.

    `level` is how many steps were completed for it, `completed` the day of the last one, None before any.
    """

    item: int
    number: str
    due: date
    open: int
    held: int = 0
    why: tuple[str, ...] = ()
    promised: int = 0  # minor units that may still be paid in time, named by a promise
    level: int = 0
    completed: date | None = None
    pending: bool = False  # a message about it is on its way, failed to go or came back: nothing follows

    @property
    def free(self) -> int:
        """What of it may be asked for: nothing while some of it is promised."""
        return 0 if self.promised else max(self.open - self.held, 0)


@dataclass(frozen=True, slots=True)
class Facts:
    """What `decide` knows of a customer in one currency at the end of a day."""

    customer_id: int
    customer: str  # code
    currency: str
    debts: tuple[Debt, ...]
    unapplied: int = 0  # minor units of credits not matched yet, positive
    promised: int = 0  # promised for no item by name, still in time
    promised_until: date | None = None
    owed: str = ""  # what we promised them, for no item by name, and haven't kept
    value: str = ""
    behaviour: str = ""
    kind: str = ""
    territory: str = ""
    status: str = "active"
    week: int = 0  # contacts of the last 7 days, the day itself included
    day: int = 0  # contacts on the day
    reachable: bool = True  # somebody has an e-mail address and may be contacted
    opted_out: bool = False  # nobody may be contacted
    birthday: bool = False  # somebody who would get it has a birthday
    day_off: str = ""  # the holiday's name, or "rest"
    holdout: bool = False
    drawn: date | None = None  # the day from which on it is in the experiment; None: this one
    variant: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """An item in a decision, with its own level (the step it has reached)."""

    item: int
    number: str
    amount: int
    level: int
    days: int


@dataclass(frozen=True, slots=True)
class Gain:
    """What doing it is expected to bring, and from what: minor units = amount × chance in thousandths ÷ 1000."""

    amount: int
    chance: int  # thousandths
    expected: int  # minor units
    minutes: int


@dataclass(frozen=True, slots=True)
class Decision:
    """What to do about a customer's debts in one currency, or why not. `amount` is minor units, credits taken off."""

    customer_id: int
    customer: str
    currency: str
    action: str
    step: str
    level: int
    channel: str
    tone: str
    purpose: str
    who: str
    amount: int
    items: tuple[Asked, ...]
    reasons: tuple[Reason, ...]
    gain: Gain
    credits: int = 0
    variant: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    """A run: `finished` False while it goes on, or when it was interrupted."""

    id: int
    as_of: date
    version: int  # of the strategy
    finished: bool
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Work:
    """A decision as work: who has it and how it stands (open, snoozed, done)."""

    id: int
    decision: Decision
    as_of: date
    state: str
    owner: str = ""
    until: date | None = None
    outcome: str = ""
    reason: str = ""  # why it was put off


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which work is asked for. `owner` is a signature (that person's), "" (nobody's), None (everybody's)."""

    actions: tuple[str, ...] = ()  # none: all
    owner: str | None = None
    currency: str = ""
    states: tuple[str, ...] = ("open", "taken")  # open, taken, snoozed, done
    text: str = ""  # in the customer's code, name or how it sounds


@dataclass(frozen=True, slots=True)
class Totals:
    """Work summed up: pieces, minutes, and minor units expected by currency."""

    count: int
    minutes: int
    expected: Mapping[str, int]
