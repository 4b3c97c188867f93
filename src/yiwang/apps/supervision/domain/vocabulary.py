"""The words of supervision."""

from __future__ import annotations

from yiwang.kernel.labelled import LabelledEnum


class Signal(LabelledEnum):
    """监察信号, the lightest first."""

    WARNING = "WARNING", "预警"
    YELLOW = "YELLOW", "黄牌"
    RED = "RED", "红牌"


class Condition(LabelledEnum):
    """What a rule looks at. A kind is code; its threshold is data."""

    DUE_SOON = "DUE_SOON", "承诺时限将到"
    CLOSING_SOON = "CLOSING_SOON", "即办件临近下班"
    OVER_PROMISED = "OVER_PROMISED", "超过承诺时限"
    STEP_OVER = "STEP_OVER", "环节超时"
    CORRECTED_AGAIN = "CORRECTED_AGAIN", "多次告知补正"
    STOP_WITHOUT_DOCUMENT = "STOP_WITHOUT_DOCUMENT", "停止计时没有文书"
    OVER_STATUTORY = "OVER_STATUTORY", "超过法定时限"
    YELLOW_UNSETTLED = "YELLOW_UNSETTLED", "黄牌后仍未办结"
    REFUSED_WITHOUT_REASONS = "REFUSED_WITHOUT_REASONS", "不予决定没有理由"
    ACCEPTANCE_CHANGED = "ACCEPTANCE_CHANGED", "受理时间被改动"


class ThresholdUnit(LabelledEnum):
    """What a threshold counts."""

    NONE = "NONE", "无"
    WORKING_DAY = "wd", "个工作日"
    HOUR = "h", "小时"
    TIMES = "times", "次"


class CardState(LabelledEnum):
    VALID = "VALID", "有效"
    APPEALED = "APPEALED", "申诉中"
    UPHELD = "UPHELD", "维持"
    WITHDRAWN = "WITHDRAWN", "已撤销"


class AppealCause(LabelledEnum):
    """Why a card should not stand."""

    SYSTEM = "SYSTEM", "系统原因"
    DATA_ERROR = "DATA_ERROR", "数据错误"
    FORCE_MAJEURE = "FORCE_MAJEURE", "不可抗力"
    OTHER = "OTHER", "其他"


class RuleStatus(LabelledEnum):
    DRAFT = "DRAFT", "待确认"
    CONFIRMED = "CONFIRMED", "已确认"
    RETURNED = "RETURNED", "已退回"
