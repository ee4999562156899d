"""Text files are read in the encodings and delimiters that real programs write, and the preview says which."""

import pytest

from goodstanding.inbound.types import Options

TEXT = "发票号码,客户名称,开票日期,金额\n0001,第三空间咖啡,2026-01-05,12.50\n0002,北京烘焙有限公司,2026-01-06,7\n"


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (TEXT.encode(), "UTF-8"),
        (TEXT.encode("utf-8-sig"), "UTF-8-SIG"),
        (TEXT.encode("gb18030"), "GB18030"),
        (TEXT.encode("gbk"), "GB18030"),
        (TEXT.encode("utf-16"), "UTF-16"),
        (b"\xfe\xff" + TEXT.encode("utf-16-be"), "UTF-16"),
        (TEXT.encode("utf-16-le"), "UTF-16-LE"),
        (TEXT.encode("utf-16-be"), "UTF-16-BE"),
        (TEXT.replace("\n", "\r\n").encode(), "UTF-8"),
        (TEXT.replace("\n", "\r").encode(), "UTF-8"),
    ],
)
def test_encodings_are_found_and_shown(read_text, content: bytes, encoding: str) -> None:
    reading = read_text(content)
    assert [str(fault) for fault in reading.faults] == []
    assert reading.preview.encoding == encoding
    assert reading.tables["items"]["customer"].to_pylist() == ["第三空间咖啡", "北京烘焙有限公司"]
    assert reading.tables["items"]["number"].to_pylist() == ["0001", "0002"]


def test_an_encoding_that_proves_nothing_can_be_chosen(read_text) -> None:
    content = "number,customer,date,amount\n1,Müller,2026-01-01,1\n".encode("cp1252")
    assert "save the file as UTF-8" in str(read_text(content).faults[0])
    reading = read_text(content, Options(currency="EUR", encoding="cp1252"))
    assert reading.tables["items"]["customer"].to_pylist() == ["Müller"]
    assert "is not known" in str(read_text(content, Options(currency="EUR", encoding="klingon")).faults[0])


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_delimiters_are_found_and_shown(read_text, mark: str) -> None:
    reading = read_text(TEXT.replace(",", mark))
    assert reading.is_good
    assert reading.preview.delimiter == mark


def test_a_stated_delimiter_is_taken_and_rows_still_count_right(read_text) -> None:
    reading = read_text("sep=;\nnumber;customer;date;amount\n1;A;2026-01-01;x\n")
    assert str(reading.faults[0]) == "row 3, \"amount\": 'x' is not an amount"


def test_quoted_line_breaks_and_blank_lines_keep_the_count_of_rows(read_text) -> None:
    text = 'number,customer,date,amount,note\n\n1,A,2026-01-01,1,"two\nlines"\n,,,,\n2,A,2026-01-01,x,\n\n'
    reading = read_text(text)
    assert [str(fault) for fault in reading.faults] == ["row 5, \"amount\": 'x' is not an amount"]
    assert read_text(text.replace("x,", "3,")).tables["items"]["reference"].to_pylist() == ["two\nlines", None]


def test_cells_made_inert_come_back_as_they_were(read_text) -> None:
    reading = read_text("number,customer,date,amount,note\n1,'=A1+1,2026-01-01,1,'\t'x\n2,''=B,2026-01-01,1,'tis\n")
    assert reading.tables["items"]["customer"].to_pylist() == ["=A1+1", "'=B"]
    assert reading.tables["items"]["reference"].to_pylist() == ["\t'x", "'tis"]
