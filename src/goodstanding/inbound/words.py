"""The words files use for kinds, currencies, statuses and yes or no, in English and Chinese."""

from goodstanding.inbound.headers import normal

_KINDS = {
    "invoice": "invoice inv salesinvoice taxinvoice 发票 销售发票 应收单 蓝字发票",
    "debit_note": "debit_note debitnote debit dn 借项通知单 借项",
    "credit_note": "credit_note creditnote creditmemo credit cn cm 贷项通知单 贷项 红字发票 红冲 退货",
    "payment": "payment receipt pmt cash 收款 付款 收款单 回款",
    "refund": "refund 退款",
    "write_off": "write_off writeoff baddebt 核销坏账 坏账 坏账核销",
    "recovery": "recovery 坏账收回",
    "late_fee": "late_fee latefee interest fee 滞纳金 违约金 利息",
    "opening": "opening openingbalance 期初 期初余额",
}
_STATUSES = {
    "active": "active 正常 有效",
    "on_hold": "on_hold onhold hold blocked 冻结 暂停",
    "closed": "closed inactive 关闭 停用",
    "merged": "merged 已合并",
}
_CALENDARS = {"solar": "solar 公历 阳历", "lunar": "lunar 农历 阴历"}
_CURRENCIES = {
    "CNY": "rmb 人民币 人民币元 元",
    "USD": "美元",
    "EUR": "欧元",
    "JPY": "日元",
    "HKD": "港币 港元",
    "GBP": "英镑",
}
_FLAGS = {"yes": "yes y true 1 是 可以", "no": "no n false 0 否 不可以"}


def _turned(words: dict[str, str]) -> dict[str, str]:
    return {normal(spelling): word for word, spellings in words.items() for spelling in spellings.split()}


KINDS, STATUSES, CALENDARS = _turned(_KINDS), _turned(_STATUSES), _turned(_CALENDARS)
CURRENCIES, FLAGS = _turned(_CURRENCIES), _turned(_FLAGS)
BY_FIELD = {"kind": KINDS, "status": STATUSES, "birthday_calendar": CALENDARS}
