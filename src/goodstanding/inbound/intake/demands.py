"""What was asked for before: at which level, and when. An item goes on at the level after."""

from datetime import date

from goodstanding.inbound.intake.desk import Desk
from goodstanding.inbound.intake.people import unknown_customers
from goodstanding.kernel.errors import N_

_PLACED = """SELECT d.*, coalesce(n.ref, t.id, i.ref) AS ref, i.sign, i.date, r.root,
    CASE WHEN k.item IS NULL THEN 'new' ELSE 'same' END AS fate
FROM demands d
LEFT JOIN fates t ON t.customer = d.customer AND t.number = d.item AND t.entry = d.entry
LEFT JOIN fresh n ON n.spot = t.spot
LEFT JOIN all_items i ON i.customer = d.customer AND i.number = d.item AND i.entry = coalesce(n.entry, t.place, d.entry)
LEFT JOIN (SELECT code AS root FROM known_customers UNION SELECT code FROM fresh_customers) r ON r.root = d.customer
LEFT JOIN known_demands k ON k.item = coalesce(n.ref, t.id, i.ref) AND k.level = d.level AND k.made = d.made"""


def check_demands(desk: Desk, today: date) -> None:
    """Make `placed_demands`, with the item as ref and fate. Nobody asked before the item was there, or will have asked."""
    unknown_customers(desk, "demands", "customer")
    desk.make("placed_demands", _PLACED)
    for each in desk.rows("SELECT * FROM placed_demands WHERE root IS NOT NULL ORDER BY row"):
        if each["ref"] is None:
            desk.fault("demands", each["row"], "item", N_("there is no item {value}"), each["item"])
        elif each["sign"] <= 0:
            desk.fault("demands", each["row"], "item", N_("{value} is nothing that anybody is asked for"), each["item"])
        elif each["made"] < each["date"]:
            desk.fault("demands", each["row"], "made", N_("made on {value}, before the item's date"), each["made"])
        elif each["made"] > today:
            desk.fault("demands", each["row"], "made", N_("made on {value}, which is still to come"), each["made"])
