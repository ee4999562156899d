"""The book's tables by contract: what files bring (`FILE_TABLES`) and what the engine asks (`BOOK_TABLES`).

Amounts are int64 minor units, days are date32, empty text is null. The sign of an item follows
from its kind and its entry: an even entry is a reversal and turns the kind's sign around.
"""

import pyarrow as pa

from goodstanding.kernel.errors import N_, Refused

TEXT, MONEY, DAY, ID, SMALL, FLAG = pa.utf8(), pa.int64(), pa.date32(), pa.int64(), pa.int32(), pa.bool_()

# +1 is owed to us, -1 settles; a recovery is cash on what left the receivables and never comes back into them.
SIGNS: dict[str, int] = {
    "invoice": 1,
    "debit_note": 1,
    "refund": 1,
    "late_fee": 1,
    "opening": 1,
    "credit_note": -1,
    "payment": -1,
    "write_off": -1,
    "recovery": 0,
}
BILLED = ("invoice", "debit_note", "opening")  # debits whose payment says how a customer pays
OPENING, DISCOUNT = "opening", "discount"  # reasons of credit notes that are no negative sales


def _schema(**columns: pa.DataType) -> pa.Schema:
    return pa.schema(list(columns.items()))


FILE_TABLES: dict[str, pa.Schema] = {
    "customers": _schema(
        code=TEXT,
        name=TEXT,
        parent=TEXT,
        kind=TEXT,
        territory=TEXT,
        account_manager=TEXT,
        currency=TEXT,
        terms=TEXT,
        credit_limit=MONEY,
        since=DAY,
        status=TEXT,
        merged_into=TEXT,
        merged_on=DAY,
    ),
    "contacts": _schema(
        customer=TEXT,
        name=TEXT,
        role=TEXT,
        email=TEXT,
        phone=TEXT,
        birthday=TEXT,
        birthday_calendar=TEXT,
        language=TEXT,
        channel=TEXT,
        may_contact=FLAG,
    ),
    "items": _schema(
        customer=TEXT,
        number=TEXT,
        entry=SMALL,
        kind=TEXT,
        date=DAY,
        due=DAY,
        amount=MONEY,
        tax=MONEY,
        currency=TEXT,
        reference=TEXT,
        order=TEXT,
        seller=TEXT,
        reason=TEXT,
    ),
    "matches": _schema(
        id=TEXT,
        date=DAY,
        credit_customer=TEXT,
        credit_item=TEXT,
        credit_entry=SMALL,
        debit_customer=TEXT,
        debit_item=TEXT,
        debit_entry=SMALL,
        amount=MONEY,
        currency=TEXT,
        undoes=TEXT,
    ),
    "holds": _schema(
        id=TEXT,
        customer=TEXT,
        item=TEXT,
        entry=SMALL,
        amount=MONEY,
        reason=TEXT,
        source=TEXT,
        placed=DAY,
        released=DAY,
        release_reason=TEXT,
    ),
    "periods": _schema(through=DAY, reason=TEXT),
    "promises": _schema(
        id=TEXT,
        customer=TEXT,
        by=TEXT,
        kind=TEXT,
        made=DAY,
        due=DAY,
        tolerance=SMALL,
        amount=MONEY,
        currency=TEXT,
        subject=TEXT,
        contact=TEXT,
        owner=TEXT,
        plan=TEXT,
        step=SMALL,
        level=SMALL,
        renews=TEXT,
        outcome=TEXT,
        judged=DAY,
        received=MONEY,
        reason=TEXT,
    ),
    "promise_items": _schema(promise=TEXT, customer=TEXT, item=TEXT, entry=SMALL, amount=MONEY),
    "touches": _schema(
        id=TEXT,
        customer=TEXT,
        kind=TEXT,
        at=TEXT,  # a moment in UTC: 2026-03-02T06:30:00Z
        by=TEXT,
        purpose=TEXT,
        minutes=SMALL,
        cost=MONEY,
        currency=TEXT,
        outcome=TEXT,
        contact=TEXT,
        note=TEXT,
        source=TEXT,
        withdrawn=TEXT,
        withdrawn_by=TEXT,
        withdrawn_reason=TEXT,
    ),
    # steps of asking that were completed: at which level an item was asked for, and when
    "demands": _schema(customer=TEXT, item=TEXT, entry=SMALL, level=SMALL, made=DAY, how=TEXT),
}

_SIDE: dict[str, pa.DataType] = {"id": ID, "customer": TEXT, "date": DAY, "due": DAY, "kind": TEXT, "seller": TEXT}

BOOK_TABLES: dict[str, pa.Schema] = {
    # `group_code`: the topmost parent, the customer's own code where there is none
    "customers": pa.schema([*FILE_TABLES["customers"], ("group_code", TEXT)]),
    # who carries on a merged code, from `since` until before `until`; only merged codes have rows
    "survivors": _schema(code=TEXT, survivor=TEXT, since=DAY, until=DAY),
    "items": pa.schema([("id", ID), *FILE_TABLES["items"], ("sign", pa.int8())]),
    # `key`: the match's id in files; `paid`: the day of the match that an undo takes back, the match's own day otherwise
    "matches": pa.schema(
        [
            ("id", ID),
            ("key", TEXT),
            ("date", DAY),
            ("paid", DAY),
            ("undo", FLAG),
            ("amount", MONEY),
            ("currency", TEXT),
            *((f"debit_{name}", kind) for name, kind in _SIDE.items()),
            *((f"credit_{name}", kind) for name, kind in _SIDE.items() if name != "due"),
        ]
    ),
    # the staircase of each item: `open` (signed) holds from `since` until before `until`; zero steps are left out
    "steps": _schema(
        item=ID, customer=TEXT, currency=TEXT, seller=TEXT, debit=FLAG, due=DAY, open=MONEY, since=DAY, until=DAY
    ),
}


def conform(table: pa.Table, schema: pa.Schema) -> pa.Table:
    """`table` with exactly the columns of `schema`: missing ones null, others dropped, types as promised.

    Raises Refused("not_the_contract") when a column can't be read as its type without loss.
    """
    columns = []
    for field in schema:
        if field.name not in table.column_names:
            columns.append(pa.nulls(table.num_rows, field.type))
            continue
        try:
            columns.append(table.column(field.name).cast(field.type))
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as fault:
            raise Refused(
                "not_the_contract",
                N_("Column {column} is {found}, not {wanted}."),
                column=field.name,
                found=str(table.column(field.name).type),
                wanted=str(field.type),
            ) from fault
    return pa.table(columns, schema=schema)
