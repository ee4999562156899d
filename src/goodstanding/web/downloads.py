"""Tables as files to keep: CSV and XLSX, with cells that no spreadsheet runs."""

from collections.abc import Iterable, Sequence

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from goodstanding.outbound.tabular import csv_bytes, xlsx_bytes

TYPES = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


def answer(
    kind: str, name: str, header: Sequence[str], rows: Iterable[Sequence[str]], amounts: frozenset[int]
) -> HttpResponse:
    """The table as a download named `name`. Cells are text; those in the columns `amounts` are decimal numbers."""
    write = csv_bytes if kind == "csv" else xlsx_bytes
    response = HttpResponse(write(header, rows, numbers=amounts), content_type=TYPES[kind])
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=f"{name}.{kind}")
    return response
