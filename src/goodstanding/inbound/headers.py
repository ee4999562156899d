"""Which column is which: headers recognised in English and Chinese, by whole words only, never by likeness.

Likeness is only used to suggest: "PaperlessDate" looks like a date and is none.
"""

import hashlib
import re
import unicodedata

# The first spelling found in a file wins, so the surest stand first. All are in the form `normal` gives.
REGISTER_HEADERS: dict[str, str] = {
    "number": """invoicenumber invoiceno invoiceid invoicenum invno invnumber invoice invoicereference documentnumber
        documentno docno docnumber billnumber billno billid voucherno vouchernumber number no itemnumber
        发票号码 发票号 发票编号 单据编号 单据号码 单据号 单号 账单号 账单编号 凭证号 凭证编号 编号 發票號碼 單據編號""",
    "customer": """customercode customerid customerno customernumber custid custno custcode clientid clientcode clientno
        clientnumber accountcode accountid accountno accountnumber accno debtorid debtorcode debtorno buyerid partnerid
        customeraccount 客户编号 客户代码 客户编码 客户号 客户id 往来单位编码 购方编码 客戶編號 客戶代碼""",
    "name": """customername custname clientname accountname companyname debtorname buyername partnername billto billtoname
        soldto company 客户名称 客户全称 客户简称 单位名称 往来单位 往来单位名称 购货单位 购货方 购方名称 购买方名称
        公司名称 公司 客戶名稱""",
    "date": """invoicedate invdate documentdate docdate billdate billingdate issuedate issuedon issued dateissued
        dateofissue dateofinvoice date 开票日期 发票日期 单据日期 开单日期 账单日期 日期 開票日期 發票日期""",
    "due": """duedate due dueon paymentdue paymentduedate netduedate maturitydate payby 到期日 到期日期 应收日期
        应付日期 付款到期日 付款期限 到期 收款到期日 最迟付款日""",
    "amount": """invoiceamount invamount grossamount amountgross totalamount amounttotal invoicetotal grandtotal amount
        gross total invoicevalue billamount documentamount originalamount 价税合计 发票金额 含税金额 开票金额 单据金额
        应收金额 应收账款 金额 总金额 合计金额 合计 总额 發票金額 金額""",
    "open": """openamount amountopen outstandingamount amountoutstanding outstanding openbalance balancedue balance
        remainingamount amountremaining unpaidamount amountunpaid remaining residualamount amountresidual amountdue 未收金额 未付金额
        未核销金额 未清金额 未结金额 剩余金额 欠款金额 欠款 余额 应收余额 未收款 未收余额 未收金額 餘額""",
    "paid_on": """paidon paiddate datepaid paymentdate paydate dateofpayment settleddate settledon settlementdate
        datesettled cleareddate clearingdate cleardate receiptdate 收款日期 付款日期 支付日期 回款日期 到账日期
        结清日期 核销日期 清账日期 结算日期 实收日期 收款日 回款日 收款時間 收款时间""",
    "currency": """currency currencycode curr ccy cur 币种 货币 币别 货币代码 币种代码 幣別 幣種""",
    "kind": """kind type doctype documenttype invoicetype itemtype transactiontype 类型 单据类型 票据类型 业务类型 種類""",
    "reference": """reference ref yourreference customerreference description memo remark remarks note notes comment
        摘要 备注 参考 参考号 说明 備註""",
    "order": """ordernumber orderno orderid salesorder ponumber pono purchaseorder customerpo order
        订单号 订单编号 销售订单号 采购订单号 合同号 訂單號""",
    "seller": """seller salesperson salesrep salesrepresentative salesman rep soldby 业务员 销售员 销售人员 销售 業務員""",
    "group": """group customergroup parent parentcode parentcustomer groupcode 集团 客户集团 上级客户 母公司""",
    "territory": """territory region salesregion area district 区域 地区 大区 片区 销售区域""",
}
# "Customer" alone is the code, or the name when a code stands beside it.
GENERIC_CUSTOMER = (
    "customer",
    "client",
    "account",
    "debtor",
    "buyer",
    "customers",
    "客户",
    "客戶",
    "买方",
    "购买方",
    "往来户",
)

_BOOK_CHINESE: dict[str, dict[str, str]] = {
    "customers": {
        "code": "客户编号 客户代码 客户编码 编号 代码 customercode customerid customer",
        "name": "客户名称 名称 customername",
        "parent": "上级客户 集团 母公司 group parentcode",
        "kind": "类型 客户类型 类别 type",
        "territory": "区域 地区 大区 region",
        "account_manager": "客户经理 业务员 manager",
        "currency": "币种 货币",
        "terms": "付款条件 账期 信用期 paymentterms",
        "credit_limit": "信用额度 信用限额 limit",
        "since": "建立日期 合作起始日 customersince",
        "status": "状态",
    },
    "contacts": {
        "customer": "客户编号 客户代码 客户",
        "name": "姓名 联系人",
        "role": "职务 职位",
        "email": "邮箱 电子邮件 mail emailaddress",
        "phone": "电话 手机 mobile telephone",
        "birthday": "生日 出生日期 dateofbirth",
        "birthday_calendar": "历法 生日历法",
        "language": "语言",
        "channel": "联系方式 渠道",
        "may_contact": "可联系",
    },
    "items": {"kind": "种类", "tax": "税额 税金 vat taxamount", "entry": "序次", "reason": "原因"},
    "matches": {
        "date": "核销日期 日期",
        "credit_item": "贷方单号 收款单号",
        "debit_item": "借方单号 发票号码",
        "amount": "核销金额 金额",
    },
    "promises": {
        "id": "编号 承诺编号",
        "customer": "客户编号 客户代码 客户",
        "by": "承诺方",
        "kind": "种类 类型",
        "made": "承诺日期 madeon",
        "due": "到期日 承诺到期日 duedate promisedday",
        "amount": "金额 承诺金额",
        "currency": "币种 货币",
        "subject": "事由",
        "contact": "联系人",
        "owner": "负责人",
        "outcome": "结果",
        "judged": "判定日期",
        "received": "已收金额",
        "reason": "原因",
    },
    "touches": {
        "id": "编号",
        "customer": "客户编号 客户代码 客户",
        "kind": "种类 类型",
        "at": "时间 日期 date",
        "by": "经办人",
        "purpose": "目的",
        "minutes": "分钟 时长",
        "cost": "费用 成本",
        "currency": "币种 货币",
        "outcome": "结果",
        "contact": "联系人",
        "note": "备注",
    },
    "demands": {
        "customer": "客户编号 客户代码 客户",
        "item": "单据号 发票号码 invoice number",
        "level": "催收期次 期次 催收级别 dunninglevel",
        "made": "催收日期 日期 date lastdunned dunningdate",
        "how": "方式",
    },
}


def normal(header: str) -> str:
    """A header without case, width, spaces and marks: "Invoice No.", "invoice_no" and "InvoiceNO" are one."""
    text = unicodedata.normalize("NFKC", header).casefold().replace("#", "no")
    bare = re.sub(r"\([^()]*\)|\[[^\[\]]*\]", "", text)  # "Amount (EUR)", "金额（元）"
    return _marks(bare) or _marks(text)


def _marks(text: str) -> str:
    return "".join(letter for letter in text if letter.isalnum())


def synonyms(table: str, field: str) -> list[str]:
    """The normalised spellings of a field's header, surest first; its own name always counts."""
    spellings = [normal(field)]
    if table == "register":
        spellings = REGISTER_HEADERS[field].split()
    elif table == "items":
        spellings += REGISTER_HEADERS.get(field, "").split()
    spellings += _BOOK_CHINESE.get(table, {}).get(field, "").split()
    return list(dict.fromkeys([*map(normal, spellings), normal(field)]))


def recognise(table: str, fields: list[str], headers: list[str]) -> dict[str, int]:
    """Field → index of its column, for the fields whose header is known. No column is taken twice."""
    places: dict[str, int] = {}
    for index, header in enumerate(headers):
        places.setdefault(normal(header), index)
    found: dict[str, int] = {}
    for field in fields:
        exact = normal(field) if table != "register" else ""  # in our own files the field's own name goes first
        for spelling in [exact, *synonyms(table, field)]:
            index = places.get(spelling)
            if spelling and index is not None and index not in found.values():
                found[field] = index
                break
    if table in ("register", "items"):
        _place_generic(fields, places, found)
    return found


def _place_generic(fields: list[str], places: dict[str, int], found: dict[str, int]) -> None:
    for spelling in GENERIC_CUSTOMER:
        index = places.get(spelling)
        if index is None or index in found.values():
            continue
        field = "customer" if "customer" not in found else "name"
        if field in fields and field not in found:
            found[field] = index


def fingerprint(headers: list[list[str]]) -> str:
    """SHA-256 of the normalised headers, in order: the shape by which a mapping is remembered."""
    lines = "\n".join("\t".join(map(normal, line)) for line in headers)
    return hashlib.sha256(lines.encode()).hexdigest()
