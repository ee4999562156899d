"""What a text file is written in: its encoding and its delimiter, found by proof, not by guess."""

import codecs
import csv
import io
from dataclasses import dataclass
from pathlib import Path

from goodstanding.inbound.faults import FaultList
from goodstanding.kernel.errors import N_
from goodstanding.kernel.money import suggest

BLOCK = 1 << 20
LINE = 4 << 20  # characters in one physical line
DELIMITERS = (",", ";", "\t", "|")
# What a person may choose when the proof fails; the first three are found without being asked for.
ENCODINGS = ("utf-8", "gb18030", "utf-16", "cp1252", "big5", "shift_jis")
_MARKS = (
    (codecs.BOM_UTF32_LE, ""),  # before UTF-16, whose mark it begins with; not accepted
    (codecs.BOM_UTF32_BE, ""),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_BINARY = (
    (b"PK\x03\x04", N_("the file is a workbook or an archive, not text; give it its own name ending")),
    (b"\xd0\xcf\x11\xe0", N_("the file is an old or encrypted workbook; save it as .xlsx without a password")),
    (b"%PDF", N_("the file is a PDF, not a table")),
    (b"PAR1", N_("the file is Parquet; give it the ending .parquet")),
    (b"\x1f\x8b", N_("the file is compressed; unpack it first")),
)


@dataclass(frozen=True, slots=True)
class Undecodable:
    """The first byte that doesn't fit: its row as a person counts, its place in the file and its value."""

    row: int
    place: int
    byte: int


def find_encoding(path: Path, chosen: str | None, faults: FaultList) -> str | None:
    """The encoding of a text file, proven over all of its bytes; None (and a fault) when there is none."""
    with path.open("rb") as file:
        start = file.read(BLOCK)
    if not start.strip(b" \t\r\n\x00"):
        faults.add(0, "", N_("the file is empty"))
        return None
    for magic, template in _BINARY:
        if start.startswith(magic):
            faults.add(0, "", template)
            return None
    encoding = chosen or _guess(path, start)
    if encoding == "utf-8" and start.startswith(codecs.BOM_UTF8):
        encoding = "utf-8-sig"
    if encoding not in (*ENCODINGS, "utf-8-sig", "utf-16-le", "utf-16-be"):
        near = suggest(chosen or "", list(ENCODINGS))
        template = N_("the encoding {value} is not known") if chosen else N_("the file is UTF-32; save it as UTF-8")
        faults.add(0, "", template, chosen or "", ", ".join(near))
        return None
    return encoding if _is_clean(path, encoding, faults) else None


def _guess(path: Path, start: bytes) -> str:
    for mark, encoding in _MARKS:
        if start.startswith(mark):
            return encoding
    head = start[:4096]
    zeros = head[0::2].count(0), head[1::2].count(0)
    if max(zeros) > len(head) // 10 and min(zeros) < max(zeros) // 8:  # every other byte of a digit or comma is zero
        return "utf-16-be" if zeros[0] > zeros[1] else "utf-16-le"
    if undecodable(path, "utf-8") is None:
        return "utf-8"
    return "gb18030" if _is_chinese(start) else "utf-8"


def _is_chinese(start: bytes) -> bool:
    """Whether the bytes read as GB18030 give everyday characters: any noise decodes, but into rare ones."""
    try:
        text = codecs.getincrementaldecoder("gb18030")("strict").decode(start)
    except UnicodeDecodeError as error:
        text = start[: error.start].decode("gb18030")
    foreign = [letter for letter in text if letter > "\x7f"]
    everyday = 0
    for letter in foreign:
        try:
            letter.encode("gb2312")
            everyday += 1
        except UnicodeEncodeError:
            continue
    return bool(foreign) and everyday >= 0.9 * len(foreign) and not _is_damaged_utf8(start)


def _is_damaged_utf8(start: bytes) -> bool:
    """Whether most of what isn't ASCII is sound UTF-8: then it is that, with a slip, whatever else it decodes to."""
    text = start.decode("utf-8", errors="replace")
    return sum(letter > "\x7f" for letter in text) > 2 * text.count("\ufffd")


def undecodable(path: Path, encoding: str) -> Undecodable | None:
    """The first byte of the file that its encoding can't read."""
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    place, row = 0, 1
    with path.open("rb") as file:
        while True:
            block = file.read(BLOCK)
            pending = len(decoder.getstate()[0])
            try:
                text = decoder.decode(block, final=not block)
            except UnicodeDecodeError as error:
                before = error.object[: error.start].decode(encoding, errors="ignore")
                return Undecodable(row + before.count("\n"), place - pending + error.start, error.object[error.start])
            row += text.count("\n")
            place += len(block)
            if not block:
                return None


def _is_clean(path: Path, encoding: str, faults: FaultList) -> bool:
    """Whether every byte decodes and none is NUL; else one fault that names row and byte."""
    wrong = undecodable(path, encoding)
    if wrong is not None:
        faults.add(
            wrong.row, "", N_("byte {byte} at position {place} can't be read as {encoding}; save the file as UTF-8"),
            byte=f"0x{wrong.byte:02X}", place=wrong.place, encoding=encoding.upper(),
        )  # fmt: skip
        return False
    row, since = 1, 0
    with path.open(encoding=encoding, newline="") as file:
        while text := file.read(BLOCK):
            broken = max(text.rfind("\n"), text.rfind("\r"))
            since = len(text) - broken - 1 if broken >= 0 else since + len(text)
            if since > LINE:
                faults.add(row + text.count("\n"), "", N_("the row is longer than {most} characters"), most=LINE)
                return False
            if "\x00" in text:
                faults.add(row + text[: text.index("\x00")].count("\n"), "", N_("there is a NUL character"))
                return False
            row += text.count("\n")
    return True


def find_delimiter(path: Path, encoding: str) -> tuple[str, bool]:
    """The delimiter of the header line, and whether a line `sep=;` before it says so."""
    with path.open(encoding=encoding, newline="") as file:
        line = file.readline(BLOCK)
        while line and not line.strip():
            line = file.readline(BLOCK)
    stated = line.strip().lower()
    if stated.startswith("sep=") and stated[4:] in DELIMITERS[:2] + DELIMITERS[3:]:
        return stated[4], True
    counts = {each: len(next(csv.reader(io.StringIO(line), delimiter=each), [])) for each in DELIMITERS}
    return max(DELIMITERS, key=lambda each: counts[each]), False
