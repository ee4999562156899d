"""Steps that were taken and yet not: the letter came back, and has not gone again since."""

from goodstanding.correspondence.models import Message

DECISION = "decision "  # how a message's source names the decision it came from


def undone() -> frozenset[int]:
    """The decisions whose letters did not arrive: what they completed doesn't count."""
    rows = Message.objects.filter(events__kind="bounced", kind="reminder", source__startswith=DECISION)
    sources = rows.exclude(delivery__state="sent").values_list("source", flat=True)
    return frozenset(int(source.removeprefix(DECISION)) for source in sources)
