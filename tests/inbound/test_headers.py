"""Headers are recognised by whole words in two languages, and by nothing that only looks alike."""

import pytest

from goodstanding.inbound.fields import REGISTER, TABLES
from goodstanding.inbound.headers import GENERIC_CUSTOMER, fingerprint, normal, recognise, synonyms

FIELDS = [field.name for field in REGISTER]


@pytest.mark.parametrize(
    ("header", "field"),
    [
        *((each, "number") for each in ("invoiceNumber", "Invoice No.", "INVOICE #", "Inv. No", "Document Number", "发票号码", "单据编号")),
        *((each, "customer") for each in ("customerID", "Customer Code", "cust_no", "客户编号", "客户代码", "Customer", "客户")),
        *((each, "name") for each in ("Customer Name", "Bill To", "company", "客户名称", "购货单位", "单位名称")),
        *((each, "date") for each in ("InvoiceDate", "Invoice date", "Doc. Date", "Issue Date", "开票日期", "单据日期", "日期")),
        *((each, "due") for each in ("DueDate", "Due", "Payment due date", "到期日", "到期日期", "付款到期日")),
        *((each, "amount") for each in ("InvoiceAmount", "Amount (EUR)", "Total", "Grand Total", "金额", "金额（元）", "价税合计")),
        *((each, "open") for each in ("Open Amount", "Outstanding", "Balance due", "未收金额", "余额", "未核销金额")),
        *((each, "paid_on") for each in ("SettledDate", "Paid on", "Payment Date", "Clearing date", "收款日期", "回款日期", "到账日期")),
        *((each, "currency") for each in ("Currency", "CCY", "币种", "货币", "币别")),
        *((each, "kind") for each in ("Kind", "Document type", "单据类型")),
        *((each, "reference") for each in ("Reference", "Memo", "备注", "摘要")),
    ],
)  # fmt: skip
def test_a_header_is_recognised(header: str, field: str) -> None:
    assert recognise("register", FIELDS, [header]) == {field: 0}


@pytest.mark.parametrize(
    "header",
    [
        *(
            "PaperlessDate",
            "PaperlessBill",
            "DaysToSettle",
            "DaysLate",
            "Disputed",
            "countryCode",
            "Update",
            "Amount of boxes",
        ),
        *("Invoice line", "客户等级", "日期格式", "Discount", "Due diligence", "", "()", "Paid", "Currency rate"),
    ],
)
def test_a_header_that_only_looks_alike_is_none(header: str) -> None:
    assert recognise("register", FIELDS, [header]) == {}


def test_customer_is_the_name_beside_a_code_and_the_code_beside_a_name() -> None:
    assert recognise("register", FIELDS, ["Customer", "Customer ID"]) == {"customer": 1, "name": 0}
    assert recognise("register", FIELDS, ["Customer", "Customer name"]) == {"customer": 0, "name": 1}


def test_of_two_that_fit_the_surer_is_taken_whatever_the_order() -> None:
    assert recognise("register", FIELDS, ["Date", "Invoice date"])["date"] == 1
    assert recognise("register", FIELDS, ["Invoice date", "Date"])["date"] == 0


def test_no_spelling_stands_for_two_fields() -> None:
    seen: dict[str, str] = {}
    for field in FIELDS:
        for spelling in synonyms("register", field):
            assert seen.setdefault(spelling, field) == field, spelling
    assert not seen.keys() & set(map(normal, GENERIC_CUSTOMER)) - {"customer"}


def test_the_book_s_own_headers_are_their_fields() -> None:
    for table, fields in TABLES.items():
        names = [field.name for field in fields]
        assert recognise(table, names, names) == {name: place for place, name in enumerate(names)}


def test_the_fingerprint_knows_order_but_not_marks() -> None:
    assert fingerprint([["Invoice No.", "Date"]]) == fingerprint([["invoice_no", "DATE"]])
    assert fingerprint([["a", "b"]]) != fingerprint([["b", "a"]]) != fingerprint([["ab"]])
