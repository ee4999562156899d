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
_SIDES = {"them": "them customer theirs 客户 对方", "us": "us we ours 我方 我们"}
_PROMISE_KINDS = {
    "pay": "pay payment 付款 承诺付款",
    "delivery": "delivery 交货 发货",
    "call_back": "call_back callback 回电",
    "answer": "answer 答复",
    "visit": "visit 拜访",
    "credit_note": "credit_note creditnote 贷项通知单 红字发票",
    "document": "document 文件 单据",
    "other": "other 其他",
}
_OUTCOMES = {
    "open": "open 未到期 未了结",
    "kept": "kept 已履行 履约",
    "partly_kept": "partly_kept partlykept partly 部分履行",
    "broken": "broken 未履行 失约",
    "withdrawn": "withdrawn 已撤回",
    "renewed": "renewed 已延期",
}
_TOUCH_KINDS = {
    "visit": "visit 拜访",
    "call": "call phone 电话",
    "letter": "letter 信函",
    "message": "message email sms 消息 邮件 短信 微信",
    "delivery": "delivery 送货",
    "gift": "gift 礼品",
    "greeting": "greeting 问候",
    "forum": "forum event 活动",
}
_PURPOSES = {
    "collect": "collect 催收",
    "care": "care 关怀",
    "sell": "sell 销售",
    "serve": "serve 服务",
}
_RESULTS = {
    "done": "done 完成",
    "reached": "reached 已联系上",
    "no_answer": "no_answer noanswer 无人接听",
    "wrong_person": "wrong_person wrongperson 非负责人",
    "left_message": "left_message leftmessage 已留言",
    "promised": "promised 承诺付款",
    "paid": "paid 已付款",
    "dispute": "dispute 有争议",
    "refused": "refused 拒绝",
    "bounced": "bounced 退回",
    "other": "other 其他",
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
BY_FIELD = {
    "kind": KINDS,
    "status": STATUSES,
    "birthday_calendar": CALENDARS,
    "by": _turned(_SIDES),
    "promise_kind": _turned(_PROMISE_KINDS),
    "outcome": _turned(_OUTCOMES),
    "touch_kind": _turned(_TOUCH_KINDS),
    "purpose": _turned(_PURPOSES),
    "result": _turned(_RESULTS),
}
