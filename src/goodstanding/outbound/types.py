"""Facts about what went out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class ExportFacts:
    """One export as kept. `state` is running, stopped (its worker died), done, failed or removed."""

    id: int
    form: str
    state: str
    path: str  # below the data folder
    counts: Mapping[str, int]  # table → rows
    size: int
    fault: tuple[str, Mapping[str, str]] | None  # why it failed: an English template and its parameters
    actor: str
    created_at: datetime
    finished_at: datetime | None
    until: datetime | None
    step: str = ""
    done: int = 0
    total: int = 0
    wanted: Mapping[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """What the file is called where it arrives."""
        if self.form == "pdf":
            return f"statements-{self.wanted['last']}-{self.id}.zip"
        return f"book-{self.created_at:%Y-%m-%d}-{self.id}-{self.form}.zip"

    @property
    def rows(self) -> int:
        """All rows of the file."""
        return sum(self.counts.values())

    @property
    def percent(self) -> int:
        """How far it is, 0 to 100."""
        return 100 if self.state == "done" else min(100 * self.done // max(self.total, 1), 99)
