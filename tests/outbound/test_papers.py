"""Papers: deterministic, in two languages, with their own fonts, and deaf to what names hold."""

import io
from datetime import date
from typing import Any

import pypdf
import pytest

from goodstanding.outbound.paper import Letter, letter, picture, render
from goodstanding.outbound.paper.types import Ages, Boxes, Column, Facts, Figure, Item, Link, Sheet, Table, Text

DAY = date(2026, 6, 30)
HOSTILE = [
    '#eval("1+1")',
    '#include "/etc/passwd"',
    "$ x^2 $ *bold* _it_ `raw`",
    "\\ \\u{41} \\n #h(1cm)",
    "= Heading\n#pagebreak()",
    "<label> @label // comment /* c */",
    '"] #panic("x") [',
    "\x00\x07\u202e\ufeff\U000e0041",
    "😀 👩‍👩‍👧 𠮷 龘 ﷽ ก็ שלום",
    "\ud800 half",
    "'" * 500 + "W" * 2000,
]


def sheet(**more: Any) -> Sheet:
    given = {
        "firm": ("Seven Seas Coffee Ltd", "12 Harbour Road"),
        "to": ("咖啡之家", "王芳"),
        "day": DAY,
        "title": "对账单",
    }
    return Sheet(**(given | more))


def read(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)


def flat(text: str) -> str:
    return "".join(text.split())


def everything(text: str) -> list[Any]:
    return [
        Text([text], text),
        Figure(text, text),
        Facts([(text, text)], text),
        Table((Column(text, share=1), Column(text, right=True)), [(text, text)], text, (text, text)),
        Ages([(text, text, 600, 0), (text, text, 400, 4), (text, text, 0, -1)]),
        Boxes([(text, [text, text])]),
        Link(text, "https://desk.example/c/x/"),
    ]


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("name", ["statement", "letter", "confirmation", "evidence"])
def test_whatever_a_name_holds_it_is_never_run(text: str, name: str) -> None:
    data = sheet(
        firm=(text, text), to=(text,), title=text, subtitle=text, note=text, sign=(text,), blocks=everything(text)
    )
    found = read(render(name, data, "en"))
    if text.isascii() and text.isprintable() and len(text) < 100:
        assert flat(text) in flat(found), "it stands there as it was given"


def test_the_same_data_gives_the_same_bytes_and_no_clock_stands_in_it() -> None:
    one, other = (render("statement", sheet(blocks=everything("a")), "en") for _ in range(2))
    assert one == other
    told = pypdf.PdfReader(io.BytesIO(one)).metadata
    assert told is not None and told.creation_date is not None and told.creation_date.date() == DAY


def fonts(content: bytes) -> set[tuple[str, bool]]:
    found = set()
    for page in pypdf.PdfReader(io.BytesIO(content)).pages:
        for font in page["/Resources"]["/Font"].values():
            for below in font.get_object()["/DescendantFonts"]:
                inner = below.get_object()
                told = inner["/FontDescriptor"]
                found.add((inner["/BaseFont"], "/FontFile3" in told or "/FontFile2" in told))
    return found


def test_fonts_are_embedded_and_only_the_letters_used() -> None:
    content = render("statement", sheet(blocks=everything("客户 Müller ö 1,234.50")), "zh-hans")
    found = fonts(content)
    assert found and all(embedded and name[7] == "+" and "NotoSansCJK" in name for name, embedded in found), found
    assert len(content) < 200_000, "the whole font has 30 MB"
    assert "客户Müllerö1,234.50" in flat(read(content))


def some(count: int) -> Letter:
    items = tuple(Item(f"INV-{i}", date(2026, 4, 1), date(2026, 5, 1), 60, 123_450) for i in range(1, count + 1))
    return Letter(("Seven Seas",), ("咖啡之家",), DAY, "逾期发票", ("王女士，您好：",), items, "CNY", sign=("林",))


def test_a_letter_in_both_languages() -> None:
    chinese, english = read(letter(some(2), "zh-hans")), read(letter(some(2), "en"))
    assert "王女士，您好" in chinese and "2026年6月30日" in flat(chinese)
    assert "30 Jun 2026" in english and "CNY 2,469.00" in english.replace("\u00a0", " ")


def test_a_long_table_repeats_its_heading_and_counts_its_pages() -> None:
    pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(letter(some(150), "en"))).pages]
    assert len(pages) > 2
    for number, text in enumerate(pages, 1):
        assert f"Page {number} of {len(pages)}" in text
        assert "Days past due" in text
    everything_said = "\n".join(pages)
    assert all(f"INV-{number}\n" in everything_said or f"INV-{number} " in everything_said for number in (1, 75, 150))


def test_an_unknown_paper_is_no_paper_and_pictures_are_for_looking_at() -> None:
    with pytest.raises(ValueError, match="postcard"):
        render("postcard", sheet(), "en")
    assert picture("letter", sheet(), "en")[0].startswith(b"\x89PNG")
