"""Words of ratings: what is rated, how it was asked for, what became of a bad one."""

from __future__ import annotations

from enum import StrEnum


class RatingPoint(StrEnum):
    """评价点: every one is its own (subject, number). GB/T 39734: 现场一次一评, 网上一事一评."""

    ACCEPTANCE = "ACCEPTANCE"
    ISSUE = "ISSUE"
    VISIT = "VISIT"

    @property
    def label(self) -> str:
        return {"ACCEPTANCE": "受理环节", "ISSUE": "发证环节", "VISIT": "到窗服务"}[self.value]


class VisitKind(StrEnum):
    """What somebody came to a window for."""

    CONSULTATION = "CONSULTATION"
    COUNTER = "COUNTER"
    CASE_ACT = "CASE_ACT"

    @property
    def label(self) -> str:
        return {
            "CONSULTATION": "咨询",
            "COUNTER": "办事(没有生成办件)",
            "CASE_ACT": "为办件到窗",
        }[self.value]


class RatingKind(StrEnum):
    """A default rating, where a province rules one, is another kind and never counted as active.
    Nothing in this build makes one, and the database refuses it."""

    ACTIVE = "ACTIVE"
    DEFAULT = "DEFAULT"

    @property
    def label(self) -> str:
        return {"ACTIVE": "主动评价", "DEFAULT": "默认评价"}[self.value]


class ShowingWay(StrEnum):
    """How a person was asked to rate: every time is recorded."""

    MESSAGE = "MESSAGE"
    REMINDER = "REMINDER"
    WINDOW_SCREEN = "WINDOW_SCREEN"

    @property
    def label(self) -> str:
        return {
            "MESSAGE": "消息邀请",
            "REMINDER": "三日提醒",
            "WINDOW_SCREEN": "窗口出示或打印",
        }[self.value]


class Verdict(StrEnum):
    """核实结论. The last two leave the figures, and only a second person may say so."""

    FOUNDED = "FOUNDED"
    REASONABLE = "REASONABLE"
    MALICIOUS = "MALICIOUS"
    MISTAKEN = "MISTAKEN"

    @property
    def label(self) -> str:
        return {
            "FOUNDED": "属实",
            "REASONABLE": "诉求合理",
            "MALICIOUS": "恶意差评",
            "MISTAKEN": "误评",
        }[self.value]


TO_REMEDY = (Verdict.FOUNDED, Verdict.REASONABLE)
TO_EXCLUDE = (Verdict.MALICIOUS, Verdict.MISTAKEN)


class TaskKind(StrEnum):
    """一事一回访, 一事一监督: both come with every bad rating."""

    CALLBACK = "CALLBACK"
    REMEDIATION = "REMEDIATION"

    @property
    def label(self) -> str:
        return {"CALLBACK": "回访", "REMEDIATION": "差评整改"}[self.value]


class TaskEnd(StrEnum):
    """How a task ended."""

    DONE = "DONE"
    UNREACHABLE = "UNREACHABLE"
    EXCLUDED = "EXCLUDED"

    @property
    def label(self) -> str:
        return {
            "DONE": "已完成",
            "UNREACHABLE": "无法回访(匿名评价)",
            "EXCLUDED": "认定为恶意或误评",
        }[self.value]
