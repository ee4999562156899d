"""The faults of one reading, collected in one place and kept to a number a person can look through."""

from dataclasses import replace

from goodstanding.kernel.errors import N_, Refused, RowFault

MOST = 5_000  # a file with more is wrong as a whole; the rest is counted


class FaultList:
    """Collects the faults of one table. `add` quotes the value as a person can find it in the file."""

    def __init__(self, table: str) -> None:
        self.table = table
        self.faults: list[RowFault] = []
        self.left_out = 0

    def name_table(self, table: str) -> None:
        """Call the table otherwise, in the faults so far as well."""
        self.table = table
        self.faults = [replace(fault, table=table) for fault in self.faults]

    def add(
        self, row: int, column: str, template: str, value: str = "", suggestion: str = "", /, **params: object
    ) -> None:
        """One more fault; `value` is the cell's text, unquoted."""
        if len(self.faults) >= MOST:
            self.left_out += 1
            return
        self.faults.append(RowFault(self.table, int(row), column, repr(value[:60]), template, dict(params), suggestion))

    def refuse(self, row: int, column: str, value: str, refused: Refused) -> None:
        """A rule's refusal of one cell, in the rule's own words."""
        params = {key: each for key, each in refused.params.items() if key != "value"}
        self.add(row, column, refused.template, value, **params)

    def sorted(self) -> list[RowFault]:
        """All faults by row, those of the whole file first."""
        ordered = sorted(self.faults, key=lambda fault: fault.row)
        if self.left_out:
            ordered.append(RowFault(self.table, 0, "", "", N_("… and {count} more faults"), {"count": self.left_out}))
        return ordered
