"""The hidden truths of the sample book: who pays how, and why.

Each customer follows one archetype. The book itself never names it; the side file
`truths.csv` does, so that later tests can ask whether the program found it out.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Archetype:
    """How one sort of customer pays.

    Delays are days after the due date (negative: early). `drift` is added to the delay for each
    month of the book, `winter` from January to March. The shares are parts of the customer's invoices.
    """

    name: str
    weight: float
    why: str
    delay: float
    spread: float
    drift: float = 0.0
    winter: float = 0.0
    month_end: bool = False  # pays everything in one go on the last working day of the month
    discount: bool = False  # takes 2% for paying within ten days
    instalments: float = 0.0  # share paid half now, half weeks later
    short: float = 0.0  # share paid a little short
    disputed: float = 0.015  # share complained about
    on_account: bool = False  # pays round sums; the rest stays unapplied
    defaults: bool = False  # stops paying one day


ARCHETYPES = (
    Archetype("prompt", 0.33, "Pays when due: a steady trade and a tidy bookkeeper.", -1, 2),
    Archetype("discount_taker", 0.08, "Has cash and takes the 2% for ten days.", -20, 2, discount=True),
    Archetype("month_end", 0.14, "Pays all that fell due in one run at the month's end.", 0, 2, month_end=True),
    Archetype("relaxed", 0.13, "Pays after the first friendly reminder.", 9, 4),
    Archetype("late", 0.08, "Lives on its suppliers' credit.", 26, 9, disputed=0.03),
    Archetype("stretching", 0.05, "Trade is shrinking: each month it pays a little later.", 2, 4, drift=3.2),
    Archetype("improving", 0.03, "Was late until somebody came by; better each month.", 38, 5, drift=-2.6),
    Archetype("seasonal", 0.04, "A summer trade: short of cash from January to March.", 1, 3, winter=28),
    Archetype("instalments", 0.03, "Pays half when due and half when it can.", 3, 4, instalments=0.8),
    Archetype("short_payer", 0.02, "Rounds down and keeps bank charges back.", 2, 3, short=0.6),
    Archetype("wronged", 0.03, "Would pay on time, but our deliveries fail it.", 0, 3, disputed=0.28),
    Archetype("on_account", 0.015, "Sends round sums without saying what for.", 3, 5, on_account=True),
    Archetype("failing", 0.025, "Paid late, then not at all: the business fails.", 12, 8, defaults=True),
)
NAMES = tuple(kind.name for kind in ARCHETYPES)
