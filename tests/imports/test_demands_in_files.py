"""What was asked for before comes in by a file: an item goes on at the next step, once, and can be taken back."""

from datetime import timedelta
from pathlib import Path

import pytest

from goodstanding.actions.import_book import Imported, import_book
from goodstanding.actions.run_collections import run_collections
from goodstanding.actions.undo_import import undo_import
from goodstanding.collections import queries
from goodstanding.collections.models import Completion, Undoing
from goodstanding.inbound.reading import read
from goodstanding.inbound.types import Options
from goodstanding.kernel.errors import Faults
from goodstanding.parties.models import Contact
from goodstanding.receivables.models import Item
from ledger import BY, NOW, customer, day, pay, post

pytestmark = pytest.mark.django_db
HEAD = "customer,item,level,made,how\n"


def bring(folder: Path, text: str) -> Imported:
    where = folder / f"book{len(list(folder.iterdir()))}"
    where.mkdir()
    (where / "demands.csv").write_text(text, encoding="utf-8")
    return import_book(**BY, reading=read(where, options=Options(currency="EUR")))


@pytest.fixture(autouse=True)
def _shop() -> None:
    one = customer("A", currency="EUR")
    Contact.objects.create(customer=one, name="Mei", email="a@example.com")
    post("A", "I-1", 900_000, day(3, 1), due=day(4, 1))


def step() -> str:
    return run_collections(**BY, as_of=NOW.date(), dry_run=True).decisions[0].step


def item() -> int:
    return Item.objects.get(number="I-1").pk


def test_an_item_goes_on_at_the_step_after_the_one_that_came_in(tmp_path: Path) -> None:
    assert step() == "friendly word"
    done = bring(tmp_path, HEAD + "A,I-1,1,2026-04-05,message\nA,I-1,2,2026-04-14,message\n")
    assert done.created == {"demands": 2}
    assert queries.completed(NOW.date()) == {item(): (2, day(4, 14))}
    assert step() == "call"
    assert queries.completed(day(4, 10)) == {item(): (1, day(4, 5))}, "as it was that day"


def test_the_same_rows_again_are_left_out_and_an_import_is_taken_back_as_often_as_one_likes(tmp_path: Path) -> None:
    rows = HEAD + "A,I-1,1,2026-04-05,message\n"
    for times in (1, 2, 3):
        done = bring(tmp_path, rows)
        again = bring(tmp_path, rows + f"A,I-1,2,2026-04-1{times},call\n")
        assert again.created == {"demands": 1} and again.skipped is not None
        assert [(each["table"], each["key"]) for each in again.skipped.to_pylist()] == [("demands", "I-1")]
        for each in (again, done):
            assert undo_import(**BY, import_id=each.id).counts["demands"] == 1
        assert queries.completed(NOW.date()) == {} and step() == "friendly word"
        assert Completion.objects.count() == Undoing.objects.count() == 2 * times


def test_a_step_whose_message_came_back_does_not_come_in_again(tmp_path: Path) -> None:
    back = Completion.objects.create(item=item(), level=1, on=day(4, 5), posted_at=NOW)
    Undoing.objects.create(completion=back, on=day(4, 6), why="bounced", posted_at=NOW)
    assert bring(tmp_path, HEAD + "A,I-1,1,2026-04-05,message\n").created == {}
    assert queries.completed(NOW.date()) == {}


def test_what_nobody_can_have_asked_for_is_refused_by_row_and_field(tmp_path: Path) -> None:
    pay("A", "P-1", 5_000, day(4, 1))
    tomorrow = (NOW.date() + timedelta(days=1)).isoformat()
    text = HEAD + (
        "A,I-9,1,2026-04-05,\nA,P-1,1,2026-04-05,\nA,I-1,1,2026-02-05,\n"
        f"A,I-1,1,{tomorrow},\nA,I-1,0,2026-04-05,\nZ,I-1,1,2026-04-05,\nA,I-1,,2026-04-05,\n"
    )
    with pytest.raises(Faults) as caught:
        bring(tmp_path, text)
    assert {str(each).split(":")[0] for each in caught.value.faults} >= {'row 6, "level"', 'row 8, "level"'}
    good = "\n".join(line for line in text.split("\n") if ",0," not in line and ",," not in line)
    with pytest.raises(Faults) as caught:
        bring(tmp_path, good + "\n")
    fields = [str(each).split(":")[0] for each in caught.value.faults]
    assert {*fields} == {'row 2, "item"', 'row 3, "item"', 'row 4, "made"', 'row 5, "made"', 'row 6, "customer"'}, (
        fields
    )
    with pytest.raises(Faults) as caught:
        bring(tmp_path, HEAD + "A,I-1,1,2026-04-05,a\nA,I-1,1,2026-04-05,b\n")
    assert "row 2" in str(caught.value.faults[0]) and str(caught.value.faults[0]).startswith("row 3")
    assert not Completion.objects.exists()
