"""The words of the catalogue: regimes, kinds, marks. GB/T 39046-2020 codes where it has them."""

from __future__ import annotations

from dataclasses import dataclass

from yiwang.kernel.labelled import LabelledEnum


class Mark(LabelledEnum):
    """How well a figure is known. ESTIMATED and REMEMBERED are never shown as fact."""

    READ = "K", "法条原文"
    DEFAULT = "D", "行政许可法一般规定"
    SECONDARY = "S", "公开页面"
    REMEMBERED = "M", "待核实"
    ESTIMATED = "E", "演示数据"

    @property
    def is_known(self) -> bool:
        return self in (Mark.READ, Mark.DEFAULT, Mark.SECONDARY)


class ItemKind(LabelledEnum):
    """事项类型, GB/T 39046-2020 A.1; the value is our code, `gb_code` the standard's."""

    PERMIT = "PERMIT", "行政许可"
    PAYMENT = "PAYMENT", "行政给付"
    CONFIRMATION = "CONFIRMATION", "行政确认"
    REWARD = "REWARD", "行政奖励"
    ADJUDICATION = "ADJUDICATION", "行政裁决"
    OTHER_POWER = "OTHER_POWER", "其他行政权力"
    PUBLIC_SERVICE = "PUBLIC_SERVICE", "公共服务"

    @property
    def gb_code(self) -> str:
        return _GB_ITEM_KIND[self]


_GB_ITEM_KIND = {
    ItemKind.PERMIT: "01",
    ItemKind.PAYMENT: "05",
    ItemKind.CONFIRMATION: "07",
    ItemKind.REWARD: "08",
    ItemKind.ADJUDICATION: "09",
    ItemKind.OTHER_POWER: "10",
    ItemKind.PUBLIC_SERVICE: "20",
}


class CaseKind(LabelledEnum):
    """办件类型, GB/T 39046-2020 A.6."""

    IMMEDIATE = "IMMEDIATE", "即办件"
    PROMISED = "PROMISED", "承诺件"
    OTHER = "OTHER", "其他"


class Audience(LabelledEnum):
    NATURAL_PERSON = "NATURAL_PERSON", "自然人"
    LEGAL_PERSON = "LEGAL_PERSON", "法人或其他组织"


class MaterialSource(LabelledEnum):
    APPLICANT = "APPLICANT", "申请人自备"
    GOVERNMENT = "GOVERNMENT", "政府部门核发"
    FORM = "FORM", "在线填写生成"
    OTHER = "OTHER", "其他机构出具"


class MaterialForm(LabelledEnum):
    ORIGINAL = "ORIGINAL", "原件"
    COPY = "COPY", "复印件"
    ELECTRONIC = "ELECTRONIC", "电子件"
    ORIGINAL_CHECKED = "ORIGINAL_CHECKED", "原件核验、收复印件"


class DeemedAcceptance(LabelledEnum):
    """What silence means after receipt."""

    FROM_RECEIPT = "FROM_RECEIPT", "逾期未告知的,自收到材料之日起视为受理"
    AT_ONCE = "AT_ONCE", "未当场书面告知不予受理的,视为受理"
    NEVER = "NEVER", "无视为受理规定"


class CorrectionOverdue(LabelledEnum):
    """What an unanswered 补正 leads to; 视为撤回 only where a rule says so."""

    TERMINATE = "TERMINATE", "书面终止办理,可以重新申请"
    DEEMED_WITHDRAWN = "DEEMED_WITHDRAWN", "视为撤回申请"


class HandlingSystem(LabelledEnum):
    """办理系统: who decides. Only OWN is decided here; for the others the platform guides,
    receives, forwards, and shows the status that came back, with its source and time."""

    OWN = "OWN", "本平台"
    PROVINCIAL = "PROVINCIAL", "省级业务系统"
    NATIONAL = "NATIONAL", "国家业务系统"
    ENTERPRISE = "ENTERPRISE", "公用企业系统"


class Depth(LabelledEnum):
    """How far an item is worked out here."""

    FULL = "FULL", "完整"
    STANDARD = "STANDARD", "标准"
    GUIDE = "GUIDE", "指南与转办"


class ZeroVisitMode(LabelledEnum):
    """零跑动: the four ways in which nobody has to come (三亚, S0)."""

    ONLINE = "ONLINE", "全流程网上办"
    MOBILE = "MOBILE", "掌上办"
    SELF_SERVICE = "SELF_SERVICE", "自助办"
    BROUGHT = "BROUGHT", "主动办(帮办、代办)"


class Acceptor(LabelledEnum):
    """Who accepts: it moves the clock where the department accepts after the window received."""

    WINDOW = "WINDOW", "综合窗口受理"
    DEPARTMENT = "DEPARTMENT", "窗口收件、部门受理"


class CommitmentKind(LabelledEnum):
    """告知承诺 of both kinds (国办发〔2020〕42号; 国发〔2021〕7号)."""

    PROOF = "PROOF", "证明事项告知承诺"
    PERMIT = "PERMIT", "涉企经营许可告知承诺"


class ProcedureKind(LabelledEnum):
    """Special procedures between acceptance and decision."""

    HEARING = "HEARING", "听证"
    THIRD_PARTY = "THIRD_PARTY", "利害关系人告知"
    PUBLICITY = "PUBLICITY", "公示"
    EXPERT_REVIEW = "EXPERT_REVIEW", "专家评审"
    TESTING = "TESTING", "检验检测检疫鉴定"


class ApproverRole(LabelledEnum):
    HEAD_OF_ORGAN = "HEAD_OF_ORGAN", "本行政机关负责人"
    HEAD_OF_GOVERNMENT = "HEAD_OF_GOVERNMENT", "本级人民政府负责人"


class ResultKind(LabelledEnum):
    CERTIFICATE = "CERTIFICATE", "证照"
    DOCUMENT = "DOCUMENT", "文书"
    REPLY = "REPLY", "批复"


PERMIT_LAW = "行政许可法"


class Regime(LabelledEnum):
    """The law's family an item belongs to: it decides the words and the default articles."""

    PERMIT = "PERMIT", "行政许可"
    CONFIRMATION = "CONFIRMATION", "行政确认"
    REGISTRATION = "REGISTRATION", "登记"
    PAYMENT = "PAYMENT", "行政给付"
    FILING = "FILING", "备案"
    REWARD = "REWARD", "行政奖励"
    PUBLIC_SERVICE = "PUBLIC_SERVICE", "公共服务"

    @property
    def words(self) -> RegimeWords:
        return REGIME_WORDS[self]

    def cite(self, article: str) -> str:
        """`article` where it binds this regime, else empty: 行政许可法 binds permits only."""
        binds = self is Regime.PERMIT or PERMIT_LAW not in article
        return article if binds else ""

    def cited(self, article: str) -> str:
        """The same in brackets behind a sentence, or nothing."""
        return f"({article})" if self.cite(article) else ""


@dataclass(frozen=True, slots=True)
class RegimeWords:
    """Words of one regime. `refuse` empty: the regime has no negative decision (备案)."""

    grant: str
    refuse: str
    grant_title: str
    refuse_title: str
    refuse_article: str
    pause_article: str


REGIME_WORDS = {
    Regime.PERMIT: RegimeWords(
        "准予许可",
        "不予许可",
        "准予行政许可决定书",
        "不予行政许可决定书",
        "行政许可法 §38",
        "行政许可法 §45",
    ),
    Regime.CONFIRMATION: RegimeWords(
        "予以确认",
        "不予确认",
        "行政确认决定书",
        "不予确认决定书",
        "",
        "",
    ),
    Regime.REGISTRATION: RegimeWords(
        "予以登记",
        "不予登记",
        "准予登记通知书",
        "不予登记告知书",
        "",
        "",
    ),
    Regime.PAYMENT: RegimeWords(
        "予以给付",
        "不予给付",
        "给付决定书",
        "不予给付决定书",
        "",
        "",
    ),
    Regime.FILING: RegimeWords("予以备案", "", "备案通知书", "", "", ""),
    Regime.REWARD: RegimeWords(
        "予以奖励",
        "不予奖励",
        "奖励决定书",
        "不予奖励决定书",
        "",
        "",
    ),
    Regime.PUBLIC_SERVICE: RegimeWords(
        "予以办理",
        "不予办理",
        "办理结果通知书",
        "不予办理告知书",
        "",
        "",
    ),
}
