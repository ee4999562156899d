"""Doubtful duplicates: pairs of customers that may be one. Never everybody with everybody.

Each name is put under a few keys; only names that share a key are compared (blocking), and a key that too many
share is left out, since it tells nothing. Keys: the bare name; its pinyin; the bare name with each one character
left out (so every pair one edit apart meets); its words in order of the alphabet; its four rarest pairs of
neighbouring characters.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import combinations, pairwise

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from goodstanding.kernel.errors import N_
from goodstanding.parties.rules.search import compact, fold, is_han, syllables
from goodstanding.parties.types import Doubt

CROWD = 30  # names under one key above which the key tells nothing
LONGEST_FOR_EDITS = 24  # characters; longer names meet by their rare pairs
ENOUGH = 90  # likeness in percent from which longer names are doubtful

SAME = N_("the same name")
SOUND = N_("sounds the same")
EDIT = N_("one character apart")
ORDER = N_("the same words")
ALIKE = N_("nearly the same name")

_FORMS = re.compile(
    r"(股份有限公司|有限责任公司|有限公司|公司|个体工商户|"
    r"\b(co|company|corp|corporation|inc|incorporated|ltd|limited|llc|llp|plc|pty|gmbh|ag|kg|sa|sarl|srl|spa|bv|nv|oy|ab)\b\.?)"
)


def bare(name: str) -> str:
    """The name without its legal form, blanks and marks: `山田商贸有限公司` → `山田商贸`."""
    folded = fold(name)
    return compact(_FORMS.sub(" ", folded)) or compact(folded)


def doubts(customers: Iterable[tuple[str, str, str]], limit: int = 200) -> list[Doubt]:
    """The most doubtful pairs among customers given as (code, name, group), the likest first.

    Customers of one group ("" for none) are not doubted: branches have like names on purpose. Nor are names
    that differ in their figures: `Kiosk 12` is not `Kiosk 13`.
    """
    rows = list(customers)
    bares = [bare(name) for _, name, _ in rows]
    sounds = [_sound(name) for _, name, _ in rows]
    found = []
    for left, right in sorted(_pairs([name for _, name, _ in rows], bares, sounds)):
        (code, name, group), (other_code, other_name, other_group) = rows[left], rows[right]
        if group and group == other_group:
            continue
        judged = _judge((name, bares[left], sounds[left]), (other_name, bares[right], sounds[right]))
        if judged:
            found.append(Doubt(code, name, other_code, other_name, *judged))
    return sorted(found, key=lambda doubt: (-doubt.score, doubt.left, doubt.right))[:limit]


def clues(name: str) -> list[str]:
    """Parts of which the search text of a customer with a like name holds one at least.

    Two names one edit apart share a half; names of the same words share a word; the same sound shares the pinyin's.
    """
    bared = bare(name)
    whole = [bared, "".join(syllables(bared))] if any(map(is_han, bared)) else [bared]
    halves = [half for each in whole for half in (each[: len(each) // 2], each[len(each) // 2 :])]
    words = sorted((word for word in _words(name) if len(word) > 3), key=len)[-2:]
    return list(dict.fromkeys(each for each in (*halves, *words) if len(each) > 1)) or [bared]


def doubts_about(customer: tuple[str, str, str], others: Iterable[tuple[str, str, str]]) -> list[Doubt]:
    """Who among others may be this customer, all given as (code, name, group), the likest first."""
    code, name, group = customer
    mine, found = (name, bare(name), _sound(name)), []
    for other_code, other_name, other_group in others:
        if group and group == other_group:
            continue
        judged = _judge(mine, (other_name, bare(other_name), _sound(other_name)))
        if judged:
            found.append(Doubt(code, name, other_code, other_name, *judged))
    return sorted(found, key=lambda doubt: (-doubt.score, doubt.right))


def _sound(name: str) -> str:
    bared = bare(name)
    return "".join(syllables(bared)) if any(map(is_han, bared)) else bared


def _judge(left: tuple[str, str, str], right: tuple[str, str, str]) -> tuple[int, str] | None:
    """How alike two (name, bare name, sound) are, and why; None when not doubtful."""
    (name, bared, sound), (other_name, other, other_sound) = left, right
    if _figures(bared) != _figures(other):
        return None
    if bared == other:
        return 100, SAME
    shorter = min(len(bared), len(other))
    chinese = any(map(is_han, bared)) and any(map(is_han, other))
    if chinese and shorter >= 3 and len(bared) == len(other) and sound == other_sound:
        return 97, SOUND
    if _words(name) == _words(other_name):
        return 96, ORDER
    if shorter >= (4 if chinese else 6) and OSA.distance(bared, other, score_cutoff=1) <= 1:
        return 95, EDIT
    likeness = int(max(fuzz.ratio(bared, other, score_cutoff=ENOUGH), fuzz.token_sort_ratio(name, other_name)))
    return (min(likeness, 94), ALIKE) if shorter >= 8 and likeness >= ENOUGH else None


def _figures(text: str) -> list[str]:
    return re.findall(r"\d+", text)


def _words(name: str) -> list[str]:
    return sorted(_FORMS.sub(" ", fold(name)).split())


def _pairs(names: list[str], bares: list[str], sounds: list[str]) -> set[tuple[int, int]]:
    """Index pairs (lower, higher) that share a telling key."""
    blocks: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    often = Counter(pair for each in bares for pair in {a + b for a, b in pairwise(each)})
    for index, (name, bared, sound) in enumerate(zip(names, bares, sounds, strict=True)):
        for key in set(_keys(name, bared, sound, often)):
            blocks[key].append(index)
    pairs: set[tuple[int, int]] = set()
    for (kind, _), block in blocks.items():
        if len(block) <= CROWD:
            pairs.update(combinations(block, 2))
        elif kind == "name":  # a crowd of one name: each with the first tells it
            pairs.update((block[0], other) for other in block[1:])
    return pairs


def _keys(name: str, bared: str, sound: str, often: Counter[str]) -> Iterator[tuple[str, str]]:
    yield "name", bared
    yield "sound", sound
    words = _words(name)
    if len(words) > 1:
        yield "words", " ".join(words)
    if 4 <= len(bared) <= LONGEST_FOR_EDITS:
        yield "edit", bared  # meets those that have one character more
        for place in range(len(bared)):
            yield "edit", bared[:place] + bared[place + 1 :]
    if len(bared) >= 8:
        rare = sorted({a + b for a, b in pairwise(bared)}, key=lambda pair: (often[pair], pair))
        yield from (("rare", pair) for pair in rare[:4])
