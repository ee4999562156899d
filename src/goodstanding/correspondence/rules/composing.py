"""Feel, Felt, Found: an answer that starts in the customer's shoes and ends with what really helped others.

Found is a count from the book or it isn't said: fewer than five customers of the kind are too
few to speak of, and could be guessed. Nobody is ever named.
"""

from dataclasses import dataclass

from goodstanding.kernel.errors import N_, Refused

FEWEST = 5  # customers of the kind below which nothing is said of them
TOO_FEW = N_("Found is left out: fewer than {fewest} similar customers are in the book")
NOBODY = N_("Found is left out: none of the similar customers has resolved it this way yet")


@dataclass(frozen=True, slots=True)
class Found:
    """Of `similar` customers of the same kind, `paid` paid within `days` days after the same step."""

    similar: int
    paid: int
    days: int


@dataclass(frozen=True, slots=True)
class Composed:
    """The three parts. `found` is empty where `without` says why."""

    feel: str
    felt: str
    found: str
    without: str = ""


OBJECTIONS: dict[str, dict[str, tuple[str, str]]] = {
    "cash_tight": {
        "en": (
            "I can hear how tight cash is for you at the moment, and how much that asks of you.",
            "Other customers of ours have felt the same when their own customers paid late.",
        ),
        "zh": ("我能体会您现在资金紧张，压力一定不小。", "其他客户在自己的回款变慢时，也有过同样的感受。"),
    },
    "credit_note": {
        "en": (
            "You are waiting for a credit note from us, and it is fair to want it before you pay.",
            "Other customers felt the same while a correction was still with us.",
        ),
        "zh": ("您在等我们的红字发票，想先收到再付款，这完全合理。", "其他客户在等我们更正时，也是这样想的。"),
    },
    "late_delivery": {
        "en": (
            "Our delivery came late, and I understand the trouble that made on your side.",
            "Other customers felt the same when goods arrived after the day they had planned for.",
        ),
        "zh": ("我们交货晚了，我理解这给您那边添了麻烦。", "其他客户在货物晚到时，也有同样的感受。"),
    },
    "not_received": {
        "en": (
            "You can't pay an invoice that you haven't seen, and I am sorry that it didn't reach you.",
            "Other customers felt the same when a document of ours went astray.",
        ),
        "zh": ("没有收到发票自然无法付款，很抱歉它没有送到您手上。", "其他客户在没收到我们的单据时，也有同样的感受。"),
    },
    "wrong_price": {
        "en": (
            "The price isn't the one you expected, and of course you want it cleared up first.",
            "Other customers felt the same when a price needed another look.",
        ),
        "zh": ("价格和您预期的不一致，您当然希望先弄清楚。", "其他客户在价格需要核对时，也是这样想的。"),
    },
    "approval": {
        "en": (
            "I understand that the approval takes its time, and that it isn't in your hands alone.",
            "Other customers felt the same while a payment waited for a signature.",
        ),
        "zh": ("我理解审批需要时间，也不是您一个人能决定的。", "其他客户在付款等待签批时，也有同样的感受。"),
    },
    "many_days": {
        "en": (
            "So many due days are hard to keep track of, and I see how much work that makes for you.",
            "Other customers felt the same until their payments had a rhythm.",
        ),
        "zh": (
            "到期日太多，确实不好安排，我明白这给您增加了不少工作。",
            "其他客户在付款节奏理顺之前，也有同样的感受。",
        ),
    },
    "away": {
        "en": (
            "I understand that the person who looks after this is away, and that you are covering for them.",
            "Other customers felt the same when a colleague was out.",
        ),
        "zh": ("我理解负责这件事的同事不在，您在代为处理。", "其他客户在同事外出时，也有同样的感受。"),
    },
    "forgot": {
        "en": (
            "Thank you for saying it so openly; with so much on the desk it happens to all of us.",
            "Other customers felt the same on a busy day.",
        ),
        "zh": ("谢谢您坦诚相告，事情一多，谁都会有疏忽。", "其他客户在忙碌的时候也有同样的感受。"),
    },
}
_FOUND = {
    "en": "Of {similar} customers in a similar position, {paid} had paid within {days} days of agreeing on a next step.",
    "zh": "在{similar}家情况相近的客户中，有{paid}家在商定下一步后的{days}天内付清了款项。",
}


def compose(objection: str, language: str, found: Found | None) -> Composed:
    """The three parts of an answer to an objection, in a language it is written in ("en", "zh")."""
    if objection not in OBJECTIONS:
        raise Refused("unknown_objection", N_("There is no objection “{objection}”"), objection=objection)
    if language not in OBJECTIONS[objection]:
        raise Refused("unknown_language", N_("Nothing is written in “{language}” yet"), language=language)
    feel, felt = OBJECTIONS[objection][language]
    if found is None or found.similar < FEWEST:
        return Composed(feel, felt, "", TOO_FEW)
    if not 0 <= found.paid <= found.similar or found.days < 0:
        raise ValueError(found)
    if not found.paid:
        return Composed(feel, felt, "", NOBODY)
    said = _FOUND[language].format(similar=found.similar, paid=found.paid, days=found.days)
    return Composed(feel, felt, said)
