"""Who gets which variant of an experiment: drawn by a hash, so that it is the same whenever and wherever it is drawn."""

import hashlib

from goodstanding.collections.types import Experiment

HOLDOUT = "holdout"


def draw(experiment: Experiment, customer: str) -> str:
    """The variant of a customer (code), or "holdout"."""
    number = int.from_bytes(hashlib.sha256(f"{experiment.name}\x1f{customer}".encode()).digest()[:8], "big")
    if number % 100 < experiment.holdout:
        return HOLDOUT
    return experiment.variants[number // 100 % len(experiment.variants)]
