"""Guarantee 10: the ledger's facts refuse to be changed, by the ORM and by raw SQL, on both databases."""

import sqlite3
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, models, transaction

from goodstanding.actions.answer_confirmation import answer_confirmation
from goodstanding.actions.ask_confirmation import ask_confirmation, token, withdraw_confirmation
from goodstanding.actions.attach_file import attach_file, withdraw_file
from goodstanding.actions.close_period import close_period
from goodstanding.actions.place_hold import place_hold
from goodstanding.actions.release_hold import release_hold
from goodstanding.actions.set_late_interest import set_late_rule, set_limitation, set_reference_rate
from goodstanding.actions.write_note import withdraw_note, write_note
from goodstanding.parties.models import Attachment, AttachmentWithdrawal, Note, NoteWithdrawal
from goodstanding.receivables.interest import Reference, Rule
from goodstanding.receivables.limitation import Term
from goodstanding.receivables.models import (
    Confirmation,
    ConfirmationAnswer,
    ConfirmationWithdrawal,
    Hold,
    HoldRelease,
    Item,
    LateRule,
    LimitationTerm,
    Match,
    PeriodClose,
    ReferenceRate,
)
from goodstanding.reports.integrity import problems
from ledger import BY, customer, day, pay, post

FACTS = [Item, Match, Hold, HoldRelease, PeriodClose]
LAW = [LateRule, ReferenceRate, LimitationTerm, Confirmation, ConfirmationAnswer, ConfirmationWithdrawal]
RECORDS = [Note, NoteWithdrawal, Attachment, AttachmentWithdrawal]
each_fact = pytest.mark.parametrize("model", [*FACTS, *RECORDS, *LAW], ids=lambda model: model.__name__)
REFUSAL = "append-only"


@pytest.fixture
def facts(db: None) -> None:
    """One row at least of every fact."""
    customer("C1")
    post("C1", "INV-1", 1000, day(1, 5))
    pay("C1", "P-1", 400, day(1, 10), "oldest")
    held = place_hold(**BY, item=("C1", "INV-1", 0), amount=100, reason="dispute", day=day(1, 11))
    release_hold(**BY, key=held.key, day=day(1, 12))
    close_period(**BY, through=day(1, 31))
    keep_records("first")
    keep_law("first")
    connection.check_constraints()  # else PostgreSQL's own deferred checks refuse TRUNCATE before the trigger does


def keep_records(text: str) -> None:
    """A note and a file of these words, both withdrawn."""
    note = write_note(**BY, customer="C1", text=text, key=text)
    withdraw_note(**BY, customer="C1", note=note)
    file = attach_file(**BY, customer="C1", name="a.txt", kind="other", content=[text.encode()])
    withdraw_file(**BY, customer="C1", file=file, reason="wrong customer")


def keep_law(text: str) -> None:
    """A rule, a reference rate and a term; a confirmation that was answered and one that was withdrawn."""
    set_late_rule(**BY, rule=Rule("EUR", day(1, 1), "daily", 50))
    set_reference_rate(**BY, reference=Reference("EUR", day(1, 1), 2150))
    set_limitation(**BY, term=Term(day(1, 1), 3))
    for end in ("answered", "withdrawn"):
        about = {"customer": "C1", "currency": "EUR", "as_of": day(1, 20)}
        asked = ask_confirmation(**BY, **about, key=f"{text} {end}")
        if end == "withdrawn":
            withdraw_confirmation(**BY, customer="C1", key=asked.key)
        else:
            answer_confirmation(now=BY["now"], day=day(1, 21), token=token(asked), agrees=True, name="Wang")


def rows(model: type[models.Model]) -> list[dict[str, object]]:
    return list(model._default_manager.order_by("pk").values())


def refuses(model: type[models.Model], attempt: object, *arguments: object) -> None:
    """The attempt raises, with the trigger's own words, and the table is as it was."""
    before = rows(model)
    assert before
    with pytest.raises(DatabaseError, match=REFUSAL), transaction.atomic():
        attempt(*arguments)  # type: ignore[operator]
    assert rows(model) == before


def run(statement: str, *parameters: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters or None)


@pytest.mark.usefixtures("facts")
@each_fact
class TestEachFact:
    def test_update_is_refused(self, model: type[models.Model]) -> None:
        table = model._meta.db_table
        for field in model._meta.concrete_fields:
            refuses(model, run, f'UPDATE {table} SET "{field.column}" = "{field.column}"')
        row = model._default_manager.first()
        assert row is not None
        refuses(model, row.save)
        moment = "at" if model in RECORDS else "posted_at"
        refuses(model, lambda: model._default_manager.update(**{moment: models.F(moment)}))
        refuses(model, lambda: model._default_manager.bulk_update([row], [model._meta.concrete_fields[-1].name]))

    def test_delete_is_refused(self, model: type[models.Model]) -> None:
        table = model._meta.db_table
        refuses(model, run, f"DELETE FROM {table}")
        refuses(model, run, f"DELETE FROM {table} WHERE id = (SELECT MAX(id) FROM {table})")
        refuses(model, lambda: model._default_manager.all()._raw_delete("default"))

    def test_truncate_is_refused(self, model: type[models.Model]) -> None:
        table = model._meta.db_table
        if connection.vendor == "postgresql":
            refuses(model, run, f"TRUNCATE {table} CASCADE")
        else:  # SQLite's TRUNCATE is a DELETE of everything
            refuses(model, run, f"DELETE FROM {table} WHERE 1")

    def test_replace_and_upsert_are_refused(self, model: type[models.Model]) -> None:
        table = model._meta.db_table
        row = rows(model)[0]
        columns = ", ".join(f'"{field.column}"' for field in model._meta.concrete_fields)
        upsert = f"INSERT INTO {table} ({columns}) SELECT {columns} FROM {table} ON CONFLICT (id) DO UPDATE SET id = {table}.id"
        if connection.vendor == "sqlite":
            upsert = upsert.replace(" ON CONFLICT", " WHERE true ON CONFLICT")
        refuses(model, run, upsert)
        if connection.vendor == "sqlite":
            refuses(model, run, f"REPLACE INTO {table} SELECT * FROM {table}")
            refuses(model, run, f"INSERT OR REPLACE INTO {table} SELECT * FROM {table} WHERE id = {row['id']}")

    def test_a_later_insert_is_taken(self, model: type[models.Model]) -> None:
        """The triggers refuse changes, not growth."""
        before = len(rows(model))
        later = day(2, 1)
        number = f"X-{model.__name__}"
        post("C1", number, 10, later)
        pay("C1", "P-9", 5, later, "reference", reference=number)
        held = place_hold(**BY, item=("C1", number, 0), amount=1, reason="x", day=later)
        release_hold(**BY, key=held.key, day=later)
        close_period(**BY, through=later + timedelta(days=1))
        keep_records("second")
        keep_law("second")
        assert len(rows(model)) > before and not problems()


@pytest.mark.usefixtures("facts")
def test_a_unique_key_other_than_the_id_is_no_way_in() -> None:
    """REPLACE by (customer, number, entry), by a match's or a hold's key, by what is reversed, undone, released."""
    if connection.vendor == "postgresql":
        upsert = """INSERT INTO receivables_match (key, date, credit_item_id, debit_item_id, amount, posted_at)
            SELECT key, date, credit_item_id, debit_item_id, 1, posted_at FROM receivables_match
            ON CONFLICT (key) DO UPDATE SET amount = 1"""
        refuses(Match, run, upsert)
        return
    for model, unique in ((Item, None), (Match, "key"), (Hold, "key"), (HoldRelease, "hold_id"), (Note, "key")):
        table = model._meta.db_table
        columns = ", ".join(f'"{field.column}"' for field in model._meta.concrete_fields if field.column != "id")
        refuses(model, run, f"INSERT OR REPLACE INTO {table} ({columns}) SELECT {columns} FROM {table}")
        assert unique is None or unique in columns


@pytest.mark.django_db(transaction=True)
def test_another_program_at_the_file_is_refused_too() -> None:
    """No setting of ours is needed: a plain connection with SQLite's own defaults, or psql's, meets the triggers."""
    customer("C1")
    post("C1", "INV-1", 1000, day(1, 5))
    statements = [
        "UPDATE receivables_item SET amount = 1",
        "DELETE FROM receivables_item",
        "INSERT INTO receivables_item SELECT * FROM receivables_item ON CONFLICT (id) DO UPDATE SET amount = 1",
    ]
    if connection.vendor == "postgresql":
        import psycopg

        parameters = connection.get_connection_params()
        wanted = {key: parameters[key] for key in ("dbname", "user", "host", "port") if parameters.get(key)}
        other = psycopg.connect(**wanted, autocommit=True)
        errors: tuple[type[Exception], ...] = (psycopg.Error,)
        statements.append("TRUNCATE receivables_item CASCADE")
    else:
        other = sqlite3.connect(":memory:")
        errors = (sqlite3.Error,)
        for (sql,) in connection.cursor().execute("SELECT sql FROM sqlite_master WHERE name LIKE 'receivables_item%'"):
            if sql and ("TABLE" in sql.split("(")[0] or "TRIGGER" in sql):
                other.execute(sql)
        source = connection.cursor().execute("SELECT * FROM receivables_item").fetchall()
        marks = ", ".join("?" for _ in source[0])
        other.executemany(f"INSERT INTO receivables_item VALUES ({marks})", source)
        assert other.execute("PRAGMA recursive_triggers").fetchone() == (0,)
        statements[2] = statements[2].replace(" ON CONFLICT", " WHERE true ON CONFLICT")
        statements += [
            "REPLACE INTO receivables_item SELECT * FROM receivables_item",
            "INSERT OR REPLACE INTO receivables_item SELECT * FROM receivables_item",
        ]
    try:
        for statement in statements:
            with pytest.raises(errors, match=REFUSAL):
                other.execute(statement)
        found = other.execute("SELECT amount FROM receivables_item").fetchall()
        assert [amount for (amount,) in found] == [1000]
    finally:
        other.close()


@pytest.mark.django_db
def test_every_table_of_facts_is_protected() -> None:
    """A migration that rebuilds a table on SQLite loses its triggers: the books say so."""
    assert problems() == []
    from goodstanding.reports.integrity import PROTECTED

    assert {model._meta.db_table for model in (*FACTS, *RECORDS, *LAW)} < set(PROTECTED)
