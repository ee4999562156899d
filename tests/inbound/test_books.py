"""A book folder is read by the contract, completed with defaults and checked within itself."""

from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from goodstanding.inbound.fields import schema
from goodstanding.inbound.reading import read
from goodstanding.inbound.types import Options

CUSTOMERS = "code,name,currency,credit_limit,since\nA,Café,EUR,1000.00,2020-01-01\nB,客户,JPY,,\n"
ITEMS = (
    "customer,number,kind,date,due,amount,tax,currency\n"
    "A,1,invoice,2026-01-01,2026-01-31,100.00,10.00,\n"
    "A,P1,payment,2026-02-01,,60.00,,EUR\n"
    "B,1,invoice,2026-01-01,,500,,\n"
)
MATCHES = "id,date,credit_item,debit_item,amount,credit_customer,debit_customer\nm1,2026-02-01,P1,1,60.00,A,A\n"
ALONE = Options(alone=True)


def faults(reading):
    return [f"{fault.table}: {fault}" for fault in reading.faults]


def test_a_book_is_read_by_its_contract(read_book) -> None:
    reading = read_book(ALONE, customers=CUSTOMERS, items=ITEMS, matches=MATCHES)
    assert faults(reading) == []
    assert reading.shape == "book"
    assert {name: table.schema for name, table in reading.tables.items()} == {
        name: schema(name) for name in reading.tables
    }
    items = reading.tables["items"].to_pylist()
    assert [(i["amount"], i["tax"], i["currency"], i["due"]) for i in items] == [
        (10000, 1000, "EUR", date(2026, 1, 31)),
        (6000, 0, "EUR", date(2026, 2, 1)),
        (500, 0, "JPY", date(2026, 1, 1)),  # the currency of the customer
    ]
    assert reading.tables["customers"].to_pylist()[0]["credit_limit"] == 100000
    assert reading.tables["matches"].to_pylist()[0]["amount"] == 6000


def test_parquet_and_csv_give_equal_tables(read_book, tmp_path: Path) -> None:
    from_csv = read_book(ALONE, customers=CUSTOMERS, items=ITEMS, matches=MATCHES)
    folder = tmp_path / "parquet"
    folder.mkdir()
    for name, table in from_csv.tables.items():
        pq.write_table(table.drop_columns(["row"]), folder / f"{name}.parquet")
    from_parquet = read(folder, options=ALONE)
    assert faults(from_parquet) == []
    assert from_parquet.tables == dict(from_csv.tables)


def test_items_alone_leave_their_customers_to_the_database(read_text) -> None:
    reading = read_text("customer,number,kind,date,amount\nZ,1,invoice,2026-01-01,5\n", name="items.csv")
    assert reading.shape == "book"
    assert reading.preview.will_create == {"items": 1}


def test_a_number_that_two_customers_have_needs_the_customer(read_book) -> None:
    reading = read_book(
        ALONE, customers=CUSTOMERS, items=ITEMS, matches="id,date,credit_item,debit_item,amount\nm,2026-02-01,P1,1,6\n"
    )
    assert faults(reading)[0].startswith(
        "matches: row 2, \"debit_item\": '1' is a number of several customers; add the column debit_customer"
    )


def test_a_number_that_one_customer_has_needs_none(read_book) -> None:
    items = ITEMS.replace("B,1,", "B,2,")
    reading = read_book(
        ALONE, customers=CUSTOMERS, items=items, matches="id,date,credit_item,debit_item,amount\nm,2026-02-01,P1,1,6\n"
    )
    assert faults(reading) == []
    assert reading.tables["matches"].to_pylist()[0] | {"row": 2} == {
        "id": "m", "date": date(2026, 2, 1), "credit_customer": "A", "credit_item": "P1", "credit_entry": 1,
        "debit_customer": "A", "debit_item": "1", "debit_entry": 1, "amount": 600, "undoes": None,
        "currency": "EUR", "row": 2,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("match", "words"),
    [
        ("m,2026-02-01,P9,1,6,A,A", "\"credit_item\": there is no item 'P9' in the file"),
        ("m,2026-02-01,P1,9,6,A,A", "choose the currency"),
        ("m,2026-02-01,1,1,6,A,A", "\"credit_item\": '1' is not a credit"),
        ("m,2026-02-01,P1,P1,6,A,A", "\"debit_item\": 'P1' is not a debit"),
        ("m,2026-01-15,P1,1,6,A,A", "\"date\": matched on '2026-01-15', before the credit_item is dated"),
        ("m,2026-02-01,P1,1,60.01,A,A", "\"credit_item\": 'P1' has 60.00, but 60.01 of it are matched"),
        ("m,2026-02-01,P1,1,6,A,B", "in another currency"),
        ("m,2026-02-01,P1,1,0,A,A", "'0' is zero"),
        ("m,2026-02-01,,1,6,A,A", '"credit_item": the cell is empty'),
    ],
)
def test_matches_that_can_not_be_are_refused(read_book, match: str, words: str) -> None:
    head = MATCHES.split("\n", maxsplit=1)[0]
    reading = read_book(ALONE, customers=CUSTOMERS, items=ITEMS, matches=f"{head}\n{match}\n")
    assert len(reading.faults) == 1, faults(reading)
    assert words in faults(reading)[0]


@pytest.mark.parametrize(
    ("undo", "words"),
    [
        ("u,2026-03-01,P1,1,60.00,A,A,m1", ""),
        ("u,2026-03-01,P1,1,50.00,A,A,m1", "an undo has the amount of the match it undoes"),
        ("u,2026-02-01,P1,1,60.00,A,A,m9", "there is no match 'm9'"),
        ("u,2026-03-01,P1,1,60.00,A,A,m1\nv,2026-03-02,P1,1,60.00,A,A,m1", "'m1' is undone twice"),
        ("u,2026-03-01,P1,1,60.00,A,A,m1\nv,2026-03-02,P1,1,60.00,A,A,u", "'u' is itself an undo"),
        ("m1,2026-03-01,P1,1,60.00,A,A,", "'m1' stands already in row 2"),
    ],
)
def test_an_undo_is_checked_against_its_match(read_book, undo: str, words: str) -> None:
    head, first = MATCHES.strip().split("\n")
    reading = read_book(ALONE, customers=CUSTOMERS, items=ITEMS, matches=f"{head},undoes\n{first},\n{undo}\n")
    assert (not reading.faults) if not words else words in faults(reading)[0]


def test_an_unknown_customer_is_refused_with_the_nearest_where_nothing_else_can_know_him(read_book) -> None:
    customers = "code,name\nKoffie01,Koffie\n"
    items = "customer,number,kind,date,amount,currency\nKoffei01,1,invoice,2026-01-01,5,EUR\n"
    reading = read_book(ALONE, customers=customers, items=items)
    assert faults(reading) == ["items: row 2, \"customer\": there is no customer 'Koffei01'; did you mean Koffie01?"]
    assert read_book(Options(), customers=customers, items=items).is_good


@pytest.mark.parametrize(
    ("table", "text", "words"),
    [
        ("customers", "code,name\nA,\n", '"name": the cell is empty'),
        ("customers", "code,name\nA,a\nA,b\n", "'A' stands already in row 2"),
        ("customers", "code,name,status\nA,a,activ\n", "did you mean active?"),
        ("customers", "code,name,status\nA,a,merged\n", "needs merged_into"),
        ("customers", "code,name,parent\nA,a,A\n", "'A' can't be its own parent"),
        ("customers", "code,name,credit_limit\nA,a,5\n", "'5' needs a currency"),
        ("customers", "code,name,currency,credit_limit\nA,a,EUR,-5\n", "'-5' is below zero"),
        ("customers", "name\nA\n", "there is no column for code"),
        ("contacts", 'customer,name,email\nA,a,"a@b.c, z@z.z"\n', "'a@b.c, z@z.z' is not one e-mail address"),
        ("contacts", "customer,name,birthday\nA,a,13-40\n", "'13-40' is not a birthday"),
        ("contacts", "customer,name,may_contact\nA,a,maybe\n", "'maybe' is neither yes nor no"),
        ("contacts", "customer,name\nA,a\nA,a\n", "'a' stands already in row 2"),
        ("contacts", 'customer,name\nA,"a\r\nBcc: x"\n', "has a control character"),
        (
            "items",
            "customer,number,kind,date,amount,tax,currency\nA,1,invoice,2026-01-01,5,6,EUR\n",
            "of tax is more than",
        ),
        ("items", "customer,number,kind,date,amount\nA,1,invoice,2026-01-01,5\n", "choose the currency"),
        ("items", "customer,number,entry,kind,date,amount,currency\nA,1,0,invoice,2026-01-01,5,EUR\n", "not a count"),
        ("items", "customer,number,kind,date,amount,currency\nA,1,invioce,2026-01-01,5,EUR\n", "did you mean invoice?"),
        (
            "holds",
            "id,customer,item,amount,reason,placed,released\nh,A,1,5,dispute,2026-02-02,2026-02-01\n",
            "choose the currency",
        ),
        ("periods", "through\n2026-02-31\n", "'2026-02-31' is not a date"),
    ],
)
def test_rows_that_can_not_be_are_refused(read_book, table: str, text: str, words: str) -> None:
    reading = read_book(**{table: text})
    assert reading.faults
    assert words in faults(reading)[0]


def test_birthdays_may_lack_the_year_and_follow_the_moon(read_book) -> None:
    text = "customer,name,birthday,birthday_calendar,may_contact\nA,a,02-30,lunar,\nA,b,1980-02-29,公历,否\n"
    contacts = read_book(contacts=text).tables["contacts"].to_pylist()
    assert [(c["birthday"], c["birthday_calendar"], c["may_contact"]) for c in contacts] == [
        ("02-30", "lunar", True),
        ("1980-02-29", "solar", False),
    ]


def test_tables_that_are_not_used_yet_are_left_alone_and_said(read_book) -> None:
    reading = read_book(customers=CUSTOMERS, complaints="id\n1\n")
    assert reading.is_good
    assert reading.preview.not_used == ("complaints.csv",)


def test_a_table_in_two_files_is_refused(read_book, tmp_path: Path) -> None:
    read_book(customers=CUSTOMERS)
    pq.write_table(pa.table({"code": ["A"], "name": ["a"]}), tmp_path / "book" / "customers.parquet")
    assert "stands in two files" in faults(read(tmp_path / "book"))[0]


def test_remembered_options_are_used_for_files_of_the_same_shape(read_text, tmp_path: Path) -> None:
    text = "Beleg,Kunde,Datum,Wert\n1,A,2026-03-01,100\n"
    mapping = {"number": "Beleg", "customer": "Kunde", "date": "Datum", "amount": "Wert"}
    first = read_text(text, Options(mapping=mapping, currency="EUR"))
    kept = {first.preview.shape: Options.from_json(Options(mapping=mapping, currency="EUR").to_json())}
    again = read(tmp_path / "register.csv", remembered=kept.get)
    assert again.is_good
    assert again.digest == first.digest
    assert not read(tmp_path / "register.csv").is_good
