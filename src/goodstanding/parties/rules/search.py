"""What a customer is found by: folded code and name, pinyin and initials."""

import re
import unicodedata
from functools import cache
from itertools import chain, groupby

from pypinyin import lazy_pinyin
from pypinyin.constants import PINYIN_DICT

LINE = "\n"
_WORD = re.compile(r"[^\W_]+")
_SAID = re.compile(r"\d+|[^a-z\d]+")


def fold(text: str) -> str:
    """Text as it is compared: full width made half, case and accents gone, blanks single.

    `ＣＡＦÉ　Luna` → `cafe luna`, `Straße` → `strasse`.
    """
    return " ".join("".join(_fold(character) for character in text).split())


@cache
def _fold(character: str) -> str:
    """One character folded; kept, since the names of a whole book use a few thousand."""
    loose = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", character).casefold())
    return "".join(part for part in loose if not unicodedata.combining(part))


def compact(text: str) -> str:
    """Folded text with letters and digits only: `7-Eleven (No. 3)` → `7elevenno3`."""
    return "".join(character for character in fold(text) if character.isalnum())


def is_han(character: str) -> bool:
    """Whether the character has a pinyin reading."""
    return ord(character) in PINYIN_DICT


@cache
def readings(character: str) -> tuple[str, ...]:
    """All readings of a Chinese character without tones, the most usual first: 单 → dan, shan, chan."""
    plain = (
        fold(reading.replace("ü", "v").replace("ǖ", "v").replace("ǘ", "v").replace("ǚ", "v").replace("ǜ", "v"))
        for reading in PINYIN_DICT[ord(character)].split(",")
    )
    return tuple(dict.fromkeys(plain))


def _runs(name: str) -> list[list[str]]:
    """The name cut where it changes between Chinese and other characters: syllables, or words, of each part."""
    cut = [(han, "".join(run)) for han, run in groupby(unicodedata.normalize("NFKC", name), key=is_han)]
    return [lazy_pinyin(run) if han else _WORD.findall(fold(run)) for han, run in cut]


def syllables(name: str) -> list[str]:
    """The folded name as what is said one after the other: a syllable per Chinese character, a word per word."""
    return list(chain.from_iterable(_runs(name)))


def _short(run: list[str], *, chinese: bool) -> str:
    return "".join(syllable[0] for syllable in run) if chinese else "".join(run)


def search_text(code: str, name: str) -> str:
    """What `search` in the customers' table holds, one thing a line, with a line end before each and at the end.

    Code, name, the name without blanks and marks, its pinyin and its initials, these with every reading of a
    Chinese first character (单 is Shan as a family name, 曾 Zeng) and with u beside v for ü; a name of both kinds
    also by its words whole and its Chinese initials (`ABC便利店`: abcbld).
    """
    name = name.strip()
    lines = [fold(code), fold(name), compact(name)]
    runs = _runs(name)
    said = list(chain.from_iterable(runs))
    first = unicodedata.normalize("NFKC", name)[:1]
    opens_chinese = bool(first) and is_han(first)
    for opening in dict.fromkeys([said[0], *readings(first)] if opens_chinese else said[:1]):
        spoken = [opening, *said[1:]]
        lines += ["".join(spoken), "".join(part[0] for part in spoken)]
    if any(map(is_han, name)):
        lines += [line.replace("v", "u") for line in lines[3:] if "v" in line]
        if len(runs) > 1:
            lines.append("".join(_short(run, chinese=(n % 2 == 0) == opens_chinese) for n, run in enumerate(runs)))
    return LINE + LINE.join(dict.fromkeys(line for line in lines if line)) + LINE


def sort_key(name: str) -> str:
    """What a name is ordered by: Chinese by its sound, words one after the other, numbers by their size, case apart.

    Made of a–z and 0–9 alone, which every database orders alike: `2 号店` before `14 号店`, `安` before `Berlin`
    before `曾`. A character that no one can say (Cyrillic, say) stands after all Latin ones, by its code.
    """
    return "0".join(_SAID.sub(_ordered, word) for word in syllables(name))


def _ordered(found: "re.Match[str]") -> str:
    """Digits padded, so that their text orders like the number; other letters as codes behind z."""
    text = found[0]
    if text.isdecimal():
        number = str(int(text))
        return f"{len(number):02}{number}" if len(number) < 100 else text
    return "".join(f"zz{ord(character):06x}" for character in text)


def needles(query: str) -> list[str]:
    """What a customer's search text must all contain to be found by what somebody typed."""
    return fold(query.replace("\0", " ")).split()
