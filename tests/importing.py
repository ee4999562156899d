"""Files for the processes that import."""

import random
from datetime import date, timedelta
from pathlib import Path


def write_register(path: Path, start: str, rows: int, seed: int) -> Path:
    """A register whose numbers and customers begin with `start`: open, settled and partly paid invoices."""
    chance = random.Random(seed)
    lines = ["number,customer,name,date,due,amount,open,paid on,currency"]
    for row in range(rows):
        day = date(2025, 1, 1) + timedelta(days=chance.randrange(400))
        amount = chance.randrange(100, 500_000)
        fate = chance.random()
        rest = amount if fate < 0.2 else chance.randrange(1, amount) if fate < 0.3 else 0
        paid = "" if rest == amount else str(day + timedelta(days=chance.randrange(90)))
        who = chance.randrange(1 + rows // 12)
        currency = ("EUR", "USD", "JPY")[who % 3]
        scale = 1 if currency == "JPY" else 100
        due = day + timedelta(days=30)
        cells = (
            f"{start}-{row}",
            f"{start}{who}",
            f"Shop {start} {who}",
            day,
            due,
            _text(amount, scale),
            _text(rest, scale),
            paid,
            currency,
        )
        lines.append(",".join(map(str, cells)))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def _text(minor: int, scale: int) -> str:
    return str(minor) if scale == 1 else f"{minor // scale}.{minor % scale:02}"
