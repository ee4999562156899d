"""A register of invoices becomes customers, items, payments and matches."""

from datetime import date

import pytest

from goodstanding.inbound.reading import read
from goodstanding.inbound.types import Options

REAL_HEADER = (
    "countryCode,customerID,PaperlessDate,invoiceNumber,InvoiceDate,DueDate,InvoiceAmount,Disputed,SettledDate,"
    "PaperlessBill,DaysToSettle,DaysLate\n"
)


def faults(reading):
    return [str(fault) for fault in reading.faults]


def test_a_settled_register_becomes_invoices_payments_and_matches(read_text) -> None:
    reading = read_text(
        REAL_HEADER
        + "391,0379-NEVHP,4/6/2013,0611365,1/2/2013,2/1/2013,55.94,No,1/15/2013,Paper,13,0\n"
        + "406,8976-AMJEO,3/3/2012,7900770,1/26/2013,2/25/2013,61.74,Yes,3/3/2013,Electronic,36,6\n",
        Options(currency="USD"),
    )
    assert faults(reading) == []
    assert reading.shape == "register"
    assert reading.preview.will_create == {"customers": 2, "items": 4, "matches": 2}
    items = reading.tables["items"].to_pylist()
    assert items[0]["number"] == "0611365"  # leading zeros are text
    assert (items[0]["date"], items[0]["due"], items[0]["amount"]) == (date(2013, 1, 2), date(2013, 2, 1), 5594)
    assert (items[2]["number"], items[2]["kind"], items[2]["date"]) == ("0611365-PAID", "payment", date(2013, 1, 15))
    match = reading.tables["matches"].to_pylist()[1]
    assert (match["credit_item"], match["debit_item"], match["amount"]) == ("7900770-PAID", "7900770", 6174)
    assert (match["date"], match["currency"], match["row"]) == (date(2013, 3, 3), "USD", 3)


def test_columns_that_only_look_like_fields_are_ignored_and_listed(read_text) -> None:
    reading = read_text(REAL_HEADER + "391,A,4/6/2013,1,1/2/2013,2/1/2013,55.94,No,1/15/2013,Paper,13,0\n")
    found = {column.header: column.field for column in reading.preview.columns}
    assert found == {
        "countryCode": None, "customerID": "customer", "PaperlessDate": None, "invoiceNumber": "number",
        "InvoiceDate": "date", "DueDate": "due", "InvoiceAmount": "amount", "Disputed": None,
        "SettledDate": "paid_on", "PaperlessBill": None, "DaysToSettle": None, "DaysLate": None,
    }  # fmt: skip


def test_chinese_headers_are_recognised(read_text) -> None:
    reading = read_text(
        "客户编号,客户名称,发票号码,开票日期,到期日,金额,未收金额,收款日期,币种,单据类型\n"
        "K01,第三空间,0007,2026年1月5日,2026-02-05,1234.50,0.00,2026/2/1,人民币,发票\n"
        "K01,第三空间,0008,2026-01-06,,100,100,,CNY,红字发票\n",
        Options(),
        encoding="gb18030",
    )
    assert faults(reading) == []
    assert reading.preview.encoding == "GB18030"
    assert [column.field for column in reading.preview.columns] == [
        "customer", "name", "number", "date", "due", "amount", "open", "paid_on", "currency", "kind",
    ]  # fmt: skip
    items = reading.tables["items"].to_pylist()
    assert [item["kind"] for item in items] == ["invoice", "credit_note", "payment"]
    assert items[1]["due"] == date(2026, 1, 6)  # no due date: the document's
    assert reading.tables["customers"].to_pylist()[0]["name"] == "第三空间"


def test_a_partly_open_invoice_is_paid_in_part_on_its_day(read_text) -> None:
    reading = read_text(
        "number,customer,date,amount,open,paid on\n1,A,2026-01-01,100,40,2026-02-01\n2,A,2026-01-01,50,50,\n"
    )
    assert faults(reading) == []
    items = reading.tables["items"].to_pylist()
    assert [(item["number"], item["amount"]) for item in items] == [("1", 10000), ("2", 5000), ("1-PAID", 6000)]


def test_a_partly_open_invoice_without_a_day_needs_one(read_text) -> None:
    text = "number,customer,date,amount,open\n1,A,2026-01-01,100,40\n2,A,2026-03-01,100,0\n"
    assert "choose the day" in faults(read_text(text))[0]
    reading = read_text(text, Options(currency="EUR", as_of=date(2026, 2, 1)))
    assert faults(reading) == []
    payments = reading.tables["items"].to_pylist()[2:]
    assert [payment["date"] for payment in payments] == [date(2026, 2, 1), date(2026, 3, 1)]  # never before the invoice


def test_a_prepaid_invoice_is_matched_on_its_own_date(read_text) -> None:
    reading = read_text("number,customer,date,amount,paid on\n1,A,2026-03-01,100,2026-02-01\n")
    assert reading.tables["items"].to_pylist()[1]["date"] == date(2026, 2, 1)
    assert reading.tables["matches"].to_pylist()[0]["date"] == date(2026, 3, 1)


def test_a_payment_number_that_is_taken_gets_another(read_text) -> None:
    reading = read_text("number,customer,date,amount,paid on\n1,A,2026-03-01,100,2026-03-02\n1-PAID,A,2026-03-01,7,\n")
    assert faults(reading) == []
    assert reading.tables["items"]["number"].to_pylist() == ["1", "1-PAID", "1-PAID-2"]


def test_an_open_items_list_needs_no_amount_column(read_text) -> None:
    reading = read_text("number,customer,date,outstanding\n1,A,2026-03-01,100\n")
    assert faults(reading) == []
    assert reading.preview.will_create == {"customers": 1, "items": 1}


def test_the_name_is_the_code_where_there_is_no_other(read_text) -> None:
    reading = read_text("number,customer name,date,amount\n1,Café Müller,2026-03-01,100\n")
    assert reading.tables["customers"]["code"].to_pylist() == ["Café Müller"]
    beside = read_text("number,customer,customer code,date,amount\n1,Café Müller,C7,2026-03-01,100\n")
    assert beside.tables["customers"].select(["code", "name"]).to_pylist() == [{"code": "C7", "name": "Café Müller"}]


def test_groups_become_customers_their_members_point_to(read_text) -> None:
    reading = read_text(
        "number,customer,group,date,amount\n1,A,G,2026-03-01,100\n2,B,G,2026-03-01,5\n3,G2,G2,2026-03-01,5\n"
    )
    customers = {row["code"]: row["parent"] for row in reading.tables["customers"].to_pylist()}
    assert customers == {"A": "G", "B": "G", "G2": None, "G": None}


def test_a_mapping_overrides_what_is_recognised(read_text) -> None:
    text = "Beleg,Kunde,Datum,Wert,Date\n1,A,2026-03-01,100,2026-01-01\n"
    mapping = {"number": "Beleg", "customer": "Kunde", "date": "Datum", "amount": "wert"}
    reading = read_text(text, Options(mapping=mapping, currency="EUR"))
    assert faults(reading) == []
    assert reading.tables["items"]["date"].to_pylist() == [date(2026, 3, 1)]
    assert reading.source_columns["items"]["amount"] == "Wert"


def test_a_mapping_to_what_is_not_there_is_refused_with_the_nearest(read_text) -> None:
    text = "number,customer,date,amount\n1,A,2026-03-01,100\n"
    reading = read_text(text, Options(mapping={"amount": "amuont", "nummer": "number"}, currency="EUR"))
    assert faults(reading) == [
        "register.csv: there is no field 'nummer'; did you mean number?",
        "row 1: there is no column 'amuont'; did you mean amount?",
    ]


def test_a_missing_column_is_named_with_a_guess(read_text) -> None:
    reading = read_text("nubmer,customer,date,amount\n1,A,2026-03-01,100\n")
    assert faults(reading) == ["row 1: there is no column for number; is it nubmer?"]


def test_the_currency_must_come_from_somewhere(read_text) -> None:
    text = "number,customer,date,amount\n1,A,2026-03-01,100\n"
    assert "choose the currency" in faults(read_text(text, Options()))[0]
    assert "did you mean EUR" in faults(read_text(text, Options(currency="EURO")))[0]
    mixed = "number,customer,date,amount,currency\n1,A,2026-03-01,100,JPY\n2,A,2026-03-01,1.50,eur\n"
    reading = read_text(mixed, Options())
    assert reading.tables["items"]["amount"].to_pylist() == [100, 150]
    assert reading.tables["customers"]["currency"].to_pylist() == [None]  # he has two


def test_the_same_number_twice_is_refused_naming_the_first(read_text) -> None:
    reading = read_text("number,customer,date,amount\n1,A,2026-03-01,100\n1,B,2026-03-01,100\n1,A,2026-03-02,7\n")
    assert faults(reading) == ["row 4, \"number\": '1' stands already in row 2"]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("1,A,2026-03-01,100,120,,invoice", "'120' open is more than the amount"),
        ("1,A,2026-03-01,100,100,2026-04-01,invoice", "paid on '2026-04-01', but all of the amount is open"),
        ("1,A,2026-03-01,100,0,2026-04-01,credit_note", "only what a customer owes can be paid"),
        ("1,A,2026-03-01,100,,,invioce", "did you mean invoice?"),
        ("1,A,2026-03-01,100,,,xyzzy", "known are invoice"),
        ("1,A,2026-03-01,,,,invoice", "the cell is empty"),
        (",A,2026-03-01,1,,,invoice", "the cell is empty"),
        ("1,,2026-03-01,1,,,invoice", "the cell is empty"),
        ("1,A,,1,,,invoice", "the cell is empty"),
    ],
)
def test_contradictions_are_refused(read_text, row: str, words: str) -> None:
    reading = read_text(f"number,customer,date,amount,open,paid on,kind\n{row}\n")
    assert len(reading.faults) == 1
    assert words in faults(reading)[0]
    assert faults(reading)[0].startswith("row 2,")
    assert reading.tables == {}


def test_the_same_content_and_options_give_the_same_digest(read_text) -> None:
    text = "number,customer,date,amount\n1,A,2026-03-01,100\n"
    first, again = read_text(text), read_text(text, name="renamed.csv")
    assert first.digest == again.digest
    assert read_text(text, Options(currency="USD")).digest != first.digest
    assert read_text(text.replace("100", "101")).digest != first.digest


def test_the_shape_is_the_headers_and_not_their_marks(read_text) -> None:
    one = read_text("Invoice No.,Customer,Date,Amount\n1,A,2026-03-01,100\n")
    two = read_text("invoice_no,customer,DATE,amount\n9,B,2026-03-09,3\n")
    other = read_text("invoice_no,customer,DATE,total\n9,B,2026-03-09,3\n")
    assert one.preview.shape == two.preview.shape != other.preview.shape


def test_an_upload_is_called_by_its_own_name(tmp_path) -> None:
    path = tmp_path / "upload-17"
    path.write_text("number,customer,date,amount\n1,A,soon,100\n")
    reading = read(path, options=Options(currency="EUR"), name="rechnungen.csv")
    assert reading.name == "rechnungen.csv"
    assert {fault.table for fault in reading.faults} == {"rechnungen.csv"}
    assert not read(
        path, options=Options(currency="EUR"), name="rechnungen.xlsx"
    ).is_good  # the ending tells the format


@pytest.mark.real_data
def test_the_real_register_needs_nothing_but_its_currency(real_data) -> None:
    reading = read(real_data / "ar" / "split_dev.csv", options=Options(currency="USD"))
    assert faults(reading) == []
    assert reading.preview.will_create == {"customers": 57, "items": 2824, "matches": 1412}
    invoices = [item["amount"] for item in reading.tables["items"].to_pylist() if item["kind"] == "invoice"]
    assert sum(invoices) == 8_193_780
