"""Groups and merges as chains of codes: where they end, and that they don't run in circles."""

from collections.abc import Iterable, Mapping
from typing import TypeVar

Key = TypeVar("Key", int, str)


def ends(onward: Mapping[Key, Key]) -> dict[Key, Key]:
    """For each key the end of its chain: a → b → c gives a: c, b: c. ValueError when a chain is a circle."""
    found: dict[Key, Key] = {}
    for start in onward:
        chain, here = [start], onward[start]
        while here in onward and here not in found:
            chain.append(here)
            if len(chain) > len(onward):
                raise ValueError(f"{start} runs in a circle")
            here = onward[here]
        end = found.get(here, here)
        found.update(dict.fromkeys(chain, end))
    return found


def in_circles(onward: Mapping[Key, Key]) -> set[Key]:
    """The keys whose chain comes back to themselves."""
    circles: set[Key] = set()
    seen: set[Key] = set()
    for start in onward:
        path: dict[Key, None] = {}
        here = start
        while here in onward and here not in seen:
            seen.add(here)
            path[here] = None
            here = onward[here]
        if here in path:
            names = list(path)
            circles.update(names[names.index(here) :])
    return circles


def would_circle(start: Key, onward: Mapping[Key, Key], target: Key) -> bool:
    """Whether a link start → target would close a circle."""
    here = target
    for _ in range(len(onward) + 2):
        if here == start:
            return True
        if here not in onward:
            return False
        here = onward[here]
    return True


def roots(parents: Mapping[Key, Key], merges: Mapping[Key, Key], keys: Iterable[Key]) -> dict[Key, Key]:
    """For each key the customer at the top of its group: through merges to who carries on, then up the parents."""
    survivor = ends(merges)
    up = {key: parent for key, parent in parents.items() if key not in merges}
    onward = {key: survivor.get(key, key) for key in merges} | {
        key: survivor.get(parent, parent) for key, parent in up.items()
    }
    top = ends(onward)
    return {key: top.get(key, key) for key in keys}
