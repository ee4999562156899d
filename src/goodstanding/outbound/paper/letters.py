"""A letter as a sheet: the same for a reminder that a person wrote and for one that a strategy asked for."""

from django.utils.translation import gettext, override

from goodstanding.outbound.paper.press import render
from goodstanding.outbound.paper.types import Block, Column, Letter, Sheet, Table, Text
from goodstanding.outbound.paper.writing import amount, day, money, tongue


def letter(data: Letter, language: str) -> bytes:
    """The PDF of a letter. The paragraphs come first, then the items that it asks for with their sum."""
    with override(tongue(language)):
        sheet = _sheet(data)
    return render("letter", sheet, language)


def _sheet(data: Letter) -> Sheet:
    blocks: list[Block] = [Text(data.paragraphs)]
    if data.items:
        total = sum(each.open for each in data.items) if data.total is None else data.total
        columns = (
            Column(gettext("Document"), share=3),
            Column(gettext("Date")),
            Column(gettext("Due")),
            Column(gettext("Days past due"), right=True),
            Column(gettext("Open"), right=True, share=2),
        )
        rows = [
            (
                each.number,
                day(each.date),
                day(each.due),
                str(max(each.late, 0) or "–"),
                amount(each.open, data.currency),
            )
            for each in data.items
        ]
        blocks.append(Table(columns, rows, foot=(gettext("Total"), "", "", "", money(total, data.currency))))
    return Sheet(data.firm, data.to, data.day, data.subject, blocks=blocks, sign=data.sign)
