"""What the firm decided about its receivables: the buckets of its aging, and the small change it lets go."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from goodstanding.kernel.errors import N_, StaleVersion
from goodstanding.receivables import models, rules


@dataclass(frozen=True, slots=True)
class Policy:
    """`limits` are the days past due at which a bucket ends; `tolerances` minor units by currency, none where 0."""

    limits: tuple[int, ...] = rules.LIMITS
    tolerances: Mapping[str, int] = field(default_factory=dict)
    version: int = 0


def policy() -> Policy:
    """What is decided; before anybody did: 30, 60, 90 and no tolerance."""
    row = models.Policy.objects.first()
    return Policy(tuple(row.limits) or rules.LIMITS, row.tolerances, row.version) if row else Policy()


def set_policy(limits: Sequence[int], tolerances: Mapping[str, int], *, version: int) -> None:
    """Decide anew, as it was read at `version`. Refused "bucket_limits", "tolerance", "unknown_currency"; StaleVersion."""
    rules.check_limits(limits)
    for currency, most in tolerances.items():
        rules.check_tolerance(most, currency)
    kept = {currency: most for currency, most in sorted(tolerances.items()) if most}
    models.Policy.objects.bulk_create([models.Policy()], ignore_conflicts=True)
    found = models.Policy.objects.filter(pk=1, version=version)
    if not found.update(limits=list(limits), tolerances=kept, version=version + 1):
        raise StaleVersion("stale_version", N_("Somebody changed these settings since you opened them: look again."))
