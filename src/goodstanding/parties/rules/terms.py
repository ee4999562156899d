"""Terms of payment as people write them, in English and Chinese."""

import re
import unicodedata
from datetime import date, timedelta

from goodstanding.kernel.days import month_end
from goodstanding.parties.types import Discount, Terms

LONGEST = 999  # days; more is a slip of the keyboard

_PREPAID = re.compile(r"(cash in advance|cia|prepaid|prepayment|advance|预付(款|全款)?|款到发货|先款后货)")
_AT_ONCE = re.compile(
    r"(cod|cash on delivery|cash|immediate|due (up)?on receipt|on receipt|货到付款|现结|现付|现金|即付|见票即付)"
)
_MONTHLY = re.compile(r"(月结|月末结算?|当月结清?|eom|end of month)(\D*(?P<days>\d{1,4})\s*(天|日|days?)?)?", re.ASCII)
_DAYS_EOM = re.compile(r"(net|n)?\s*/?\s*(?P<days>\d{1,4})\s*(days?)?\s*(eom|end of month)", re.ASCII)
_DAYS = re.compile(
    r"(net|n|票到|货到|账期|帐期|发票后|见票后|收货后)?\s*[/.:]?\s*(?P<days>\d{1,4})\s*(days?|d|天|日)?\s*(net|内付款|付款|内付清)?",
    re.ASCII,
)
_DISCOUNT = re.compile(r"(?P<percent>\d{1,2}(\.\d{1,2})?)\s*%?\s*/\s*(?P<days>\d{1,3})\s*(?=[,;\sn])[,;\s]*", re.ASCII)


def parse_terms(text: str) -> Terms | None:
    """The terms that a text means, None when it can't be told.

    `net 30`, `30`, `30 days`, `n/30`, `2/10 net 30`, `3/10, 2/20, net 45`, `30 EOM`, `COD`, `30天`;
    `月结30天` is 30 days after the end of the invoice's month, `货到付款` at once, `预付` before delivery.
    """
    rest = " ".join(unicodedata.normalize("NFKC", text).casefold().split())
    discounts = []
    while found := _DISCOUNT.match(rest):
        whole, _, part = found["percent"].partition(".")
        discounts.append(Discount(int(whole) * 100 + int(part.ljust(2, "0")), int(found["days"])))
        rest = rest[found.end() :]
    terms = _plain(rest)
    if terms is None or not discounts:
        return terms
    days_rise = [discount.days for discount in discounts] == sorted({discount.days for discount in discounts})
    if not days_rise or any(discount.basis_points <= 0 for discount in discounts):
        return None
    if not terms.end_of_month and discounts[-1].days > terms.days:
        return None  # a discount that outlives the due day is a slip
    return Terms(terms.days, terms.end_of_month, tuple(discounts))


def _plain(text: str) -> Terms | None:
    """Terms without discounts."""
    if _PREPAID.fullmatch(text):
        return Terms(0, prepaid=True)
    if _AT_ONCE.fullmatch(text):
        return Terms(0)
    for pattern, end_of_month in ((_MONTHLY, True), (_DAYS_EOM, True), (_DAYS, False)):
        found = pattern.fullmatch(text)
        if found:
            days = int(found["days"] or 0)
            return Terms(days, end_of_month) if days <= LONGEST else None
    return None


def due_day(terms: Terms, issued: date) -> date:
    """The day by which an invoice issued on a day must be paid."""
    start = month_end(issued) if terms.end_of_month else issued
    return start + timedelta(days=terms.days)
