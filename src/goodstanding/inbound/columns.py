"""Columns of text become columns of values; each distinct text is looked at once, each bad cell is a fault."""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from goodstanding.inbound import moments, styles, words
from goodstanding.inbound.fields import Field, Type, arrow_type
from goodstanding.inbound.headers import normal
from goodstanding.inbound.tabular.grid import Grid
from goodstanding.inbound.types import Options
from goodstanding.kernel.days import FIRST_YEAR, LAST_YEAR, DateOrder, parse_day
from goodstanding.kernel.errors import N_, Refused
from goodstanding.kernel.money import MAXIMUM, NumberStyle, exponent, read_amount, suggest

Mask = npt.NDArray[np.bool_]
_EMAIL = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\"]+")
_BIRTHDAY = re.compile(r"(?:[0-9]{4}-)?[0-9]{2}-[0-9]{2}")
COUNT = N_("{value} is not a count from {least} to {most}")
YEAR = N_("{value}: the year must lie between 1900 and 2199")
_CONTROL = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]"
_CONTROL_OR_BREAK = r"[\x00-\x1f\x7f]"


class Columns:
    """The typed columns of one grid. `places` is field → column; a field without column is a column of nulls."""

    def __init__(self, grid: Grid, places: dict[str, int], options: Options) -> None:
        self.grid, self.places, self.options = grid, places, options
        self.size = len(grid.rows)
        self.noise_cells = 0
        self.written: dict[str, str] = {}
        self._readers: dict[Type, Callable[[Field], pa.Array]] = {
            Type.TEXT: self._text,
            Type.LINE: self._text,
            Type.EMAIL: self._email,
            Type.BIRTHDAY: self._birthday,
            Type.CURRENCY: self._currency,
            Type.CHOICE: self._choice,
            Type.DAY: self._day,
            Type.COUNT: self._count,
            Type.FLAG: self._flag,
            Type.MOMENT: self._moment,
        }

    def has(self, field: str) -> bool:
        """Whether the file has a column for the field."""
        return field in self.places

    def header(self, field: str) -> str:
        """The field's header as it stands in the file."""
        return self.grid.headers[self.places[field]] if self.has(field) else ""

    def read(self, field: Field) -> pa.Array:
        """The values of any field but an amount (which needs a currency: see `amounts`)."""
        if not self.has(field.name):
            return pa.nulls(self.size, arrow_type(field))
        if field.required:
            self.fault(field.name, self.raw(field.name).is_null(), N_("the cell is empty"))
        if not pa.types.is_string(self.raw(field.name).type):
            return self._typed(field)
        return self._readers[field.type](field)

    def _typed(self, field: Field) -> pa.Array:
        """A column that comes with a type (Parquet): right as it is, digits for an identifier, or a fault."""
        column, wanted = self.raw(field.name), arrow_type(field)
        if wanted == pa.int32() and pa.types.is_int64(column.type):
            outside = pc.or_(pc.less(column, field.least), pc.greater(column, field.most))
            self.fault(field.name, outside, COUNT, least=field.least, most=field.most)
            return pc.if_else(outside, field.least, column).cast(wanted)
        if wanted == pa.date32() and pa.types.is_date32(column.type):
            year = pc.year(column)
            self.fault(field.name, pc.or_(pc.less(year, FIRST_YEAR), pc.greater(year, LAST_YEAR)), YEAR)
            return column
        if column.type == wanted:
            return column
        if field.type in (Type.TEXT, Type.LINE) and pa.types.is_int64(column.type):
            return column.cast(pa.string())
        self.grid.faults.add(0, self.header(field.name), N_("a column of the type {type} can't be a {field}"),
                             type=str(column.type), field=field.name)  # fmt: skip
        return pa.nulls(self.size, wanted)

    def raw(self, field: str) -> pa.Array:
        """The text of a field's cells."""
        return self.grid.columns[self.places[field]]

    def fault(self, field: str, where: Any, template: str, /, **params: object) -> None:
        """One fault for each marked cell of a field."""
        for place in np.flatnonzero(_mask(where)):
            value = self.raw(field)[int(place)].as_py() if self.has(field) else None
            text = "" if value is None else str(value)
            self.grid.faults.add(self.grid.rows[place], self.header(field), template, text, **params)

    def each(self, field: str, look: Callable[[str], Any], kind: pa.DataType) -> pa.Array:
        """Look at each distinct text once; a Refused becomes a fault of every cell that holds it."""
        coded = self.raw(field).dictionary_encode()
        found: list[Any] = []
        refused: dict[int, Refused] = {}
        for code, text in enumerate(coded.dictionary.to_pylist()):
            try:
                found.append(look(text))
            except Refused as error:
                refused[code] = error
                found.append(None)
        if refused:
            self._refuse(field, coded, refused)
        return pa.array(found, kind).take(coded.indices)

    def _refuse(self, field: str, coded: pa.DictionaryArray, refused: dict[int, Refused]) -> None:
        codes = coded.indices.fill_null(-1).to_numpy(zero_copy_only=False)
        for place in np.flatnonzero(np.isin(codes, list(refused))):
            code = int(codes[place])
            text = coded.dictionary[code].as_py()
            self.grid.faults.refuse(int(self.grid.rows[place]), self.header(field), text, refused[code])

    def _text(self, field: Field) -> pa.Array:
        column, number = self.raw(field.name), self.grid.numbers[self.places[field.name]]
        if number is not None:
            lost = pc.and_(number, pc.match_substring_regex(column, r"^-?[0-9]{16,}(\.|$)"))
            self.fault(
                field.name,
                lost,
                N_("{value}: the spreadsheet lost digits; format the column as text and enter it again"),
            )
        pattern = _CONTROL if field.type is Type.TEXT else _CONTROL_OR_BREAK
        self.fault(field.name, pc.match_substring_regex(column, pattern), N_("{value} has a control character"))
        too_long = pc.greater(pc.utf8_length(column), field.length)
        self.fault(field.name, too_long, N_("the text is longer than {most} characters"), most=field.length)
        return column

    def _email(self, field: Field) -> pa.Array:
        def look(text: str) -> str:
            if not _EMAIL.fullmatch(text):
                raise Refused("email", N_("{value} is not one e-mail address"), value=repr(text))
            return text

        self._text(field)
        return self.each(field.name, look, pa.string())

    def _birthday(self, field: Field) -> pa.Array:
        def look(text: str) -> str:
            leap_year = text if len(text) == 10 else f"2000-{text}"
            lunar_30th = text[-2:] == "30"  # a lunar second month may have 30 days
            if not _BIRTHDAY.fullmatch(text) or (not _is_day(leap_year) and not lunar_30th):
                raise Refused("birthday", N_("{value} is not a birthday; write YYYY-MM-DD or MM-DD"), value=repr(text))
            return text

        return self.each(field.name, look, pa.string())

    def _currency(self, field: Field) -> pa.Array:
        def look(text: str) -> str:
            code = words.CURRENCIES.get(normal(text), text.upper())
            exponent(code)  # raises Refused with the nearest codes
            return code

        return self.each(field.name, look, pa.string())

    def _choice(self, field: Field) -> pa.Array:
        known = words.BY_FIELD[field.words or field.name]

        def look(text: str) -> str:
            found = known.get(normal(text))
            if found is not None:
                return found
            near = suggest(text, list(field.choices), 1) or suggest(text, list(known), 1)
            if near:
                template = N_("{value} is not a known {what}; did you mean {near}?")
                raise Refused("choice", template, value=repr(text), what=field.name, near=known[normal(near[0])])
            template = N_("{value} is not a known {what}; known are {choices}")
            raise Refused("choice", template, value=repr(text), what=field.name, choices=", ".join(field.choices))

        return self.each(field.name, look, pa.string())

    def _flag(self, field: Field) -> pa.Array:
        def look(text: str) -> bool:
            found = words.FLAGS.get(normal(text))
            if found is None:
                raise Refused("flag", N_("{value} is neither yes nor no"), value=repr(text))
            return found == "yes"

        return self.each(field.name, look, pa.bool_())

    def _count(self, field: Field) -> pa.Array:
        def look(text: str) -> int:
            if not re.fullmatch(r"[0-9]{1,5}", text) or not field.least <= int(text) <= field.most:
                raise Refused("count", COUNT, value=repr(text), least=field.least, most=field.most)
            return int(text)

        return self.each(field.name, look, pa.int32())

    def _day(self, field: Field) -> pa.Array:
        try:
            order = self._order(field)
        except styles.Conflict:
            return pa.nulls(self.size, pa.date32())
        return self.each(field.name, lambda text: parse_day(text, order), pa.date32())

    def _moment(self, field: Field) -> pa.Array:
        try:
            order = self._order(field)
        except styles.Conflict:
            return pa.nulls(self.size, pa.string())
        return self.each(field.name, lambda text: moments.utc_text(text, order), pa.string())

    def _order(self, field: Field) -> DateOrder | None:
        """The order of a column's days. Raises Conflict, once it is noted as a fault, when it proves two."""
        column, header = self.raw(field.name), self.header(field.name)
        order = self.options.date_order
        if order is None:
            try:
                order = styles.date_order(column.unique().drop_null().to_pylist())
            except styles.Conflict as conflict:
                self.grid.faults.add(
                    0, header, N_("{one} puts the day first or last, {two} the other way; choose the order of dates"),
                    one=repr(conflict.one), two=repr(conflict.two),
                )  # fmt: skip
                raise
        self.written[field.name] = str(order or "")
        return order

    def amounts(self, field: Field, currencies: pa.Array) -> pa.Array:
        """Minor units of an amount field, each in its row's currency; rows without one stay null."""
        if not self.has(field.name):
            return pa.nulls(self.size, pa.int64())
        if field.required:
            self.fault(field.name, self.raw(field.name).is_null(), N_("the cell is empty"))
        if pa.types.is_int64(self.raw(field.name).type):
            return self._minor(field)
        if not pa.types.is_string(self.raw(field.name).type):
            return self._typed(field)
        style = self._number_style(field)
        if style is None:
            return pa.nulls(self.size, pa.int64())
        self.written[field.name] = str(style)
        values = np.zeros(self.size, np.int64)
        known = np.zeros(self.size, dtype=bool)
        coded = currencies.dictionary_encode()
        codes = coded.indices.fill_null(-1).to_numpy(zero_copy_only=False)
        for code, currency in enumerate(coded.dictionary.to_pylist()):
            where = np.flatnonzero(codes == code)
            self._amounts_in(field, (currency, style), where, values, known)
        self._signs(field, values, known)
        return pa.array(values, mask=~known)

    def _minor(self, field: Field) -> pa.Array:
        """Amounts that come as whole minor units (Parquet)."""
        column = self.raw(field.name)
        values = column.fill_null(0).to_numpy(zero_copy_only=False)
        known = _mask(column.is_valid())
        self.fault(field.name, known & (values > MAXIMUM), N_("{value} is above the largest amount"))
        self._signs(field, values, known)
        return column

    def _signs(self, field: Field, values: npt.NDArray[np.int64], known: Mask) -> None:
        if not field.above_zero:
            self.fault(field.name, known & (values < 0), N_("{value} is below zero"))
            return
        self.fault(field.name, known & (values == 0), N_("{value} is zero; the amount must be above zero"))
        template = N_("{value} is below zero; the kind gives the sign (a credit is a row of kind credit_note)")
        self.fault(field.name, known & (values < 0), template)

    def _number_style(self, field: Field) -> NumberStyle | None:
        if self.options.number_style is not None:
            return self.options.number_style
        column, number = self.raw(field.name), self.grid.numbers[self.places[field.name]]
        odd = pc.invert(pc.match_substring_regex(column, r"^-?[0-9]+(\.[0-9]+)?$"))
        if number is not None:  # a workbook's own numbers prove nothing about its text
            column, odd = column.filter(pc.invert(number)), odd.filter(pc.invert(number))
        if not pc.any(odd).as_py():
            return NumberStyle.PLAIN
        try:
            return styles.number_style(column.unique().drop_null().to_pylist())
        except styles.Conflict as conflict:
            self.grid.faults.add(
                0, self.header(field.name), N_("{one} and {two} are written in two ways; choose how numbers are written"),
                one=repr(conflict.one), two=repr(conflict.two),
            )  # fmt: skip
            return None

    def _amounts_in(
        self,
        field: Field,
        written: tuple[str, NumberStyle],
        where: npt.NDArray[np.int64],
        values: npt.NDArray[np.int64],
        known: Mask,
    ) -> None:
        """Fill in the amounts of one currency: plain ones in bulk, the others one distinct text at a time."""
        currency, style = written
        places = pa.array(where)
        column, digits = self.raw(field.name).take(places), exponent(currency)
        numbers = self.grid.numbers[self.places[field.name]]
        number = np.zeros(len(where), dtype=bool) if numbers is None else _mask(numbers.take(places))
        fast = _mask(pc.match_substring_regex(column, rf"^[0-9]{{1,{12 - digits}}}(\.[0-9]{{1,{digits or 1}}})?$"))
        fast &= number | (style.decimal == ".") | _mask(pc.match_substring_regex(column, r"^[0-9]+$"))
        if digits == 0:
            fast &= _mask(pc.match_substring_regex(column, r"^[0-9]+$"))
        plain = column.filter(pa.array(fast)).cast(pa.decimal128(15, digits))
        values[where[fast]] = (
            pc.multiply(plain, pa.scalar(Decimal(10**digits))).cast(pa.int64()).to_numpy(zero_copy_only=False)
        )
        known[where[fast]] = True
        for place in np.flatnonzero(~fast & _mask(column.is_valid())):
            text = column[int(place)].as_py()
            used = NumberStyle.PLAIN if number[place] else style
            try:
                values[where[place]], is_noisy = read_amount(text, currency, used)
            except Refused as refused:
                self._refuse_amount(field, int(self.grid.rows[where[place]]), text, refused)
                continue
            known[where[place]] = True
            self.noise_cells += is_noisy

    def _refuse_amount(self, field: Field, row: int, text: str, refused: Refused) -> None:
        if refused.code == "amount" and re.fullmatch(r"-?[0-9]{1,3}(?:[,.][0-9]{3})+", text):
            template = N_("{value} is not an amount until you choose how numbers are written, 1,234.50 or 1.234,50")
            self.grid.faults.add(row, self.header(field.name), template, text)
        else:
            self.grid.faults.refuse(row, self.header(field.name), text, refused)


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _mask(where: Any) -> Mask:
    if isinstance(where, np.ndarray):
        return where
    filled: Mask = pc.fill_null(where, False).to_numpy(zero_copy_only=False)  # noqa: FBT003 — Arrow's signature
    return filled
