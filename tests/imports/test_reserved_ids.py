"""Ids taken by the thousand are nobody else's, whoever takes some at the same time."""

import random
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import pytest
from django.db import connection

from goodstanding.inbound.bulk import reserve_ids

THREADS, ROUNDS = 4, 60


def take(seed: int) -> list[list[int]]:
    chance = random.Random(seed)
    try:
        return [reserve_ids("parties_customer", chance.randrange(400)).to_pylist() for _ in range(ROUNDS)]
    finally:
        connection.close()


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_four_threads_never_get_the_same_id() -> None:
    seed = random.randrange(1 << 32)
    print(f"seed {seed}")
    with ThreadPoolExecutor(THREADS) as pool:
        taken = [ids for runs in pool.map(take, range(seed, seed + THREADS)) for ids in runs]
    every = [each for ids in taken for each in ids]
    apart = sum(any(after != before + 1 for before, after in pairwise(ids)) for ids in taken)
    print(f"{len(every)} ids, {apart} of {len(taken)} runs with another's in between")
    assert len(set(every)) == len(every) > 10_000
    assert all(ids == sorted(ids) for ids in taken)
    assert 0 < apart < len(taken)


@pytest.mark.django_db
@pytest.mark.parametrize("count", [0, 1, 1000])
def test_as_many_as_asked_for_one_after_the_other(count: int) -> None:
    ids = reserve_ids("parties_customer", count).to_pylist()
    assert len(ids) == count
    assert not ids or ids == list(range(ids[0], ids[0] + count))
