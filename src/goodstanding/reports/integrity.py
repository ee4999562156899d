"""Every invariant of the books recomputed in SQL from the facts alone: what `verify` and the nightly run ask.

Each check is one statement that returns what breaks it, so an empty answer is the proof. Nothing here shares code
with what keeps the books; only the trial balance comes from `reports.journal`.
"""

from dataclasses import dataclass
from datetime import date

from django.db import connection

from goodstanding.inbound import files
from goodstanding.kernel.errors import N_
from goodstanding.parties.models import Attachment
from goodstanding.reports.journal import TrialLine, digest, trial_balance

MANY = 20  # examples told per check


@dataclass(frozen=True, slots=True)
class Problem:
    """One invariant broken: `code` is stable, `count` how often, `examples` the first few rows as text."""

    code: str
    template: str
    count: int
    examples: tuple[str, ...]

    @property
    def message(self) -> str:
        """The finding in English."""
        return f"{self.template} ({self.count}): {'; '.join(self.examples)}"


_SIGN = """(CASE WHEN {i}.kind IN ('invoice', 'debit_note', 'refund', 'late_fee', 'opening') THEN 1
    WHEN {i}.kind = 'recovery' THEN 0 ELSE -1 END * CASE WHEN {i}.entry % 2 = 0 THEN -1 ELSE 1 END)"""
_ON_ITEMS = """(
    SELECT credit_item_id AS item_id, date, CASE WHEN undoes_id IS NULL THEN amount ELSE -amount END AS amount
        FROM receivables_match
    UNION ALL SELECT debit_item_id, date, CASE WHEN undoes_id IS NULL THEN amount ELSE -amount END
        FROM receivables_match)"""
_ENDS = """receivables_match m JOIN receivables_item c ON c.id = m.credit_item_id
    JOIN receivables_item d ON d.id = m.debit_item_id"""
# Up the chain of merges and parents to the top of the group; 60 steps are more than any group has.
_UP = """up(id, top, step) AS (
    SELECT id, id, 0 FROM parties_customer
    UNION ALL SELECT u.id, COALESCE(g.survivor_id, p.parent_id), u.step + 1
        FROM up u JOIN parties_customer p ON p.id = u.top LEFT JOIN parties_merge g ON g.merged_id = u.top
        WHERE COALESCE(g.survivor_id, p.parent_id) IS NOT NULL AND u.step < 60),
roots AS (SELECT id, top FROM up u WHERE step = (SELECT MAX(step) FROM up v WHERE v.id = u.id))"""

# code, what is wrong, the statement; its first column is told as the example.
CHECKS: tuple[tuple[str, str, str], ...] = (
    (
        "balance",
        N_("The kept open amount differs from what items and matches give"),
        f"""SELECT i.id, b.open FROM receivables_item i LEFT JOIN receivables_balance b ON b.item_id = i.id
            LEFT JOIN (SELECT item_id, SUM(amount) AS taken FROM {_ON_ITEMS} t GROUP BY item_id) t ON t.item_id = i.id
            WHERE b.open IS NULL
            OR b.open <> CASE WHEN i.kind = 'recovery' THEN 0 ELSE i.amount END - COALESCE(t.taken, 0)""",
    ),
    (
        "over_allocation",
        N_("More is matched than the item has, or less than nothing, on some day"),
        f"""SELECT r.item_id, r.date, r.taken, i.amount FROM (
                SELECT item_id, date, SUM(amount) OVER (PARTITION BY item_id ORDER BY date) AS taken FROM {_ON_ITEMS} t
            ) r JOIN receivables_item i ON i.id = r.item_id WHERE r.taken < 0 OR r.taken > i.amount""",
    ),
    (
        "sides",
        N_("A match that doesn't join a credit with a debit"),
        f"SELECT m.key FROM {_ENDS} WHERE {_SIGN.format(i='c')} <> -1 OR {_SIGN.format(i='d')} <> 1",
    ),
    (
        "currency",
        N_("A match across currencies"),
        f"SELECT m.key, c.currency, d.currency FROM {_ENDS} WHERE c.currency <> d.currency",
    ),
    (
        "group",
        N_("A match across customers without a common group"),
        f"""WITH RECURSIVE {_UP} SELECT m.key FROM {_ENDS} JOIN roots a ON a.id = c.customer_id
            JOIN roots b ON b.id = d.customer_id WHERE c.customer_id <> d.customer_id AND a.top <> b.top""",
    ),
    (
        "date",
        N_("A match dated before one of its items"),
        f"SELECT m.key, m.date FROM {_ENDS} WHERE m.date < c.date OR m.date < d.date",
    ),
    (
        "undo",
        N_("An undoing that doesn't mirror its match"),
        """SELECT u.key FROM receivables_match u JOIN receivables_match m ON m.id = u.undoes_id
            WHERE m.undoes_id IS NOT NULL OR u.amount <> m.amount OR u.date < m.date
            OR u.credit_item_id <> m.credit_item_id OR u.debit_item_id <> m.debit_item_id""",
    ),
    (
        "entry",
        N_("An entry that doesn't follow on the one before"),
        """SELECT i.id, i.number, i.entry FROM receivables_item i
            LEFT JOIN receivables_item p ON p.customer_id = i.customer_id AND p.number = i.number
                AND p.entry = i.entry - 1
            WHERE i.entry < 1 OR (i.entry > 1 AND p.id IS NULL) OR (i.entry % 2 = 1 AND i.reverses_id IS NOT NULL)
            OR (i.entry % 2 = 0 AND (i.reverses_id IS NULL OR i.reverses_id <> p.id OR i.kind <> p.kind
                OR i.amount <> p.amount OR i.tax <> p.tax OR i.currency <> p.currency OR i.date < p.date))""",
    ),
    (
        "reversal",
        N_("A reversal that doesn't settle what it reverses"),
        f"""SELECT i.id, i.number FROM receivables_item i
            LEFT JOIN (SELECT item_id, SUM(amount) AS taken FROM {_ON_ITEMS} t GROUP BY item_id) a ON a.item_id = i.id
            LEFT JOIN (SELECT item_id, SUM(amount) AS taken FROM {_ON_ITEMS} t GROUP BY item_id) b
                ON b.item_id = i.reverses_id
            WHERE i.reverses_id IS NOT NULL AND i.kind <> 'recovery'
            AND (COALESCE(a.taken, 0) <> i.amount OR COALESCE(b.taken, 0) <> i.amount)""",
    ),
    (
        "hold",
        N_("A hold above its item, before it, on a credit, or released before it was placed"),
        f"""SELECT h.key FROM receivables_hold h JOIN receivables_item i ON i.id = h.item_id
            LEFT JOIN receivables_holdrelease r ON r.hold_id = h.id
            WHERE h.amount > i.amount OR h.placed < i.date OR r.released < h.placed OR {_SIGN.format(i="i")} <> 1""",
    ),
    (
        "ledger_state",
        N_("The ledger's lock doesn't say what the last closing said"),
        """SELECT s.closed_through, p.through FROM (SELECT 1 AS one) o
            LEFT JOIN receivables_ledgerstate s ON s.id = 1
            LEFT JOIN receivables_periodclose p ON p.id = (SELECT MAX(id) FROM receivables_periodclose)
            WHERE s.id IS NULL OR COALESCE(CAST(s.closed_through AS text), '') <> COALESCE(CAST(p.through AS text), '')
        """,
    ),
    (
        "promise_received",
        N_("A judgement that received more than was promised, or less than nothing"),
        """SELECT p.key, j.received FROM promises_judgement j JOIN promises_promise p ON p.id = j.promise_id
            WHERE j.received < 0 OR j.received > COALESCE(p.amount, 0)""",
    ),
    (
        "promise_kept",
        N_("A judgement of a promise to pay that doesn't agree with what was received"),
        """SELECT p.key, j.state, j.received FROM promises_judgement j JOIN promises_promise p ON p.id = j.promise_id
            WHERE p."by" = 'them' AND ((j.state = 'kept' AND j.received <> p.amount)
            OR (j.state IN ('open', 'partly_kept', 'broken') AND j.received = p.amount)
            OR (j.state = 'partly_kept' AND j.received = 0) OR (j.state = 'broken' AND j.received <> 0))""",
    ),
    (
        "promise_judged",
        N_("A judgement dated before its promise was made, or before an earlier judgement"),
        """SELECT p.key, j."on" FROM (SELECT promise_id, "on",
                MAX("on") OVER (PARTITION BY promise_id ORDER BY id) AS latest FROM promises_judgement) j
            JOIN promises_promise p ON p.id = j.promise_id WHERE j."on" < p.made OR j."on" < j.latest""",
    ),
    (
        "promise_item",
        N_("A promise about an item that is missing, of another group or of another currency"),
        f"""WITH RECURSIVE {_UP} SELECT p.key, a.item FROM promises_promiseitem a
            JOIN promises_promise p ON p.id = a.promise_id LEFT JOIN receivables_item i ON i.id = a.item
            LEFT JOIN roots u ON u.id = p.customer_id LEFT JOIN roots v ON v.id = i.customer_id
            WHERE i.id IS NULL OR (i.customer_id <> p.customer_id AND u.top <> v.top)
            OR (p.currency <> '' AND p.currency <> i.currency) OR a.amount > i.amount""",
    ),
    (
        "promise_renewed",
        N_("A promise that renews one of another customer or side, or one made after it"),
        """SELECT p.key, o.key FROM promises_promise p JOIN promises_promise o ON o.id = p.renews_id
            WHERE o.customer_id <> p.customer_id OR o."by" <> p."by" OR o.made > p.made OR p.level < o.level""",
    ),
    (
        "bare_amount",
        N_("An amount promised, or the cost of a touch, without a currency"),
        """SELECT key, amount FROM promises_promise WHERE amount IS NOT NULL AND currency = ''
            UNION ALL SELECT key, cost FROM relations_touch WHERE cost > 0 AND currency = ''""",
    ),
)

# A closing stays in force until a later row reopens an earlier day.
_CLOSED = """SELECT p.through, p.digest FROM receivables_periodclose p WHERE p.digest <> '' AND NOT EXISTS (
    SELECT 1 FROM receivables_periodclose q WHERE q.id > p.id AND q.through < p.through)
    ORDER BY p.through, p.id"""

PROTECTED = (
    "receivables_item",
    "receivables_match",
    "receivables_hold",
    "receivables_holdrelease",
    "receivables_periodclose",
    "receivables_laterule",
    "receivables_referencerate",
    "receivables_limitationterm",
    "receivables_confirmation",
    "receivables_confirmationanswer",
    "receivables_confirmationwithdrawal",
    "promises_promise",
    "promises_promiseitem",
    "promises_judgement",
    "relations_touch",
    "relations_touchwithdrawal",
    "relations_rate",
    "collections_strategy",
    "collections_run",
    "collections_decision",
    "collections_completion",
    "collections_undoing",
    "collections_doing",
    "collections_assignment",
    "correspondence_message",
    "correspondence_messageevent",
    "correspondence_template",
    "access_auditentry",
    "parties_note",
    "parties_notewithdrawal",
    "parties_attachment",
    "parties_attachmentwithdrawal",
)


def problems() -> list[Problem]:
    """What is wrong with the books; [] when every invariant holds. The audit trail has a check of its own."""
    found = [problem for check in CHECKS if (problem := _run(*check))]
    found += _unprotected()
    found += _missing_files()
    lines = trial_balance()
    found += _unbalanced(lines)
    found += _reopened()
    return found


def _run(code: str, template: str, statement: str) -> Problem | None:
    with connection.cursor() as cursor:
        cursor.execute(statement)  # no parameters: a percent sign is a percent sign
        rows = cursor.fetchall()
    if not rows:
        return None
    return Problem(code, template, len(rows), tuple(" ".join(map(str, row)) for row in rows[:MANY]))


def _unbalanced(lines: list[TrialLine]) -> list[Problem]:
    """The journal must balance, and its two receivable accounts agree with the kept open amounts, per currency."""
    off = [c for c in {each.currency for each in lines} if sum(each.balance for each in lines if each.currency == c)]
    found = []
    if off:
        found.append(Problem("journal", N_("The journal's debits and credits differ"), len(off), tuple(sorted(off))))
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT CASE WHEN {_SIGN.format(i="i")} > 0 THEN 'receivable' ELSE 'unapplied' END, i.currency,
                SUM({_SIGN.format(i="i")} * b.open)
                FROM receivables_item i JOIN receivables_balance b ON b.item_id = i.id
                WHERE i.kind <> 'recovery' GROUP BY 1, 2"""
        )
        kept = {(account, currency): int(amount) for account, currency, amount in cursor.fetchall()}
    booked = {(e.account, e.currency): e.balance for e in lines if e.account in ("receivable", "unapplied")}
    differing = sorted(key for key in kept.keys() | booked.keys() if kept.get(key, 0) != booked.get(key, 0))
    if differing:
        told = tuple(f"{a} {c}: {booked.get((a, c), 0)} ≠ {kept.get((a, c), 0)}" for a, c in differing)
        found.append(Problem("journal_items", N_("The journal and the open amounts differ"), len(told), told))
    return found


def _missing_files() -> list[Problem]:
    """Every file kept with a customer lies in the data folder at its full size. Fetching one compares its bytes too."""
    kept = Attachment.objects.order_by("digest").values_list("digest", "size").distinct()
    missing = tuple(digest for digest, size in kept.iterator() if not files.is_kept(digest, size))
    if not missing:
        return []
    return [Problem("files", N_("A file kept with a customer is missing or cut off"), len(missing), missing[:MANY])]


def _reopened() -> list[Problem]:
    """The trial balance of every period still closed is what it was at its closing."""
    with connection.cursor() as cursor:
        cursor.execute(_CLOSED)
        rows = cursor.fetchall()
    broken = []
    for through, sealed in rows:
        day = date.fromisoformat(through) if isinstance(through, str) else through
        if digest(trial_balance(day)) != sealed:
            broken.append(day.isoformat())
    if not broken:
        return []
    return [Problem("closed_period", N_("A closed period's trial balance changed"), len(broken), tuple(broken))]


def _unprotected() -> list[Problem]:
    """The triggers that make facts facts are there and switched on."""
    events = {"postgresql": ("update", "delete", "truncate"), "sqlite": ("update", "delete", "replace")}
    wanted = {f"{table}_no_{event}" for table in PROTECTED for event in events[connection.vendor]}
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled IN ('O', 'A')")
        else:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        missing = sorted(wanted - {name for (name,) in cursor.fetchall()})
    if not missing:
        return []
    return [Problem("triggers", N_("A table lost its protection"), len(missing), tuple(missing))]
