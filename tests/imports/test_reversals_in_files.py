"""A reversal in a file says what it reverses says, to the tax, or is refused: what comes in passes `verify`."""

from pathlib import Path

import pytest

from goodstanding.actions.import_book import import_book
from goodstanding.inbound.reading import read
from goodstanding.kernel.errors import Faults
from goodstanding.receivables.models import Item
from goodstanding.reports.integrity import problems
from ledger import BY

pytestmark = pytest.mark.django_db

CUSTOMERS = "code,name,currency\nA,Harbour,EUR\n"
MATCHES = "id,date,credit_item,credit_entry,debit_item,debit_entry,amount\nM,2026-02-01,1,2,1,1,{amount}\n"
GOOD = ("invoice", "2026-02-01", "10.00", "1.90", "EUR")


def bring(folder: Path, reversal: tuple[str, ...]) -> None:
    items = "customer,number,entry,kind,date,amount,tax,currency\nA,1,1,invoice,2026-01-01,10.00,1.90,EUR\n"
    texts = {"customers": CUSTOMERS, "items": f"{items}A,1,2,{','.join(reversal)}\n"}
    texts["matches"] = MATCHES.format(amount=reversal[2])
    for name, text in texts.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    import_book(**BY, reading=read(folder))


def test_a_reversal_that_says_the_same_comes_in(tmp_path: Path) -> None:
    bring(tmp_path, GOOD)
    assert Item.objects.filter(reverses__isnull=False).count() == 1
    assert list(problems()) == []


@pytest.mark.parametrize(
    ("place", "other"), [(0, "debit_note"), (1, "2025-12-31"), (2, "9.00"), (3, "1.80"), (3, ""), (4, "USD")]
)
def test_a_reversal_that_says_something_else_is_refused(tmp_path: Path, place: int, other: str) -> None:
    with pytest.raises(Faults) as caught:
        bring(tmp_path, (*GOOD[:place], other, *GOOD[place + 1 :]))
    rows = {(fault.table, fault.row) for fault in caught.value.faults}
    assert rows & {("items", 3), ("matches", 2)}, caught.value.faults
    assert not Item.objects.exists()
