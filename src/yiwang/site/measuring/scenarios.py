"""What the bench measures: one HTTP request each, with the stock it takes its targets from."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scenario:
    """`path` takes a target of `stock`; a stock that is used up ends the run early."""

    name: str
    title: str
    login: str
    method: str
    path: str
    stock: str
    repeats: bool = False


SCENARIOS = (
    Scenario("submit", "提交申请", "lin-xiaoman", "POST", "/api/v1/drafts/{}/submit", "drafts"),
    Scenario("accept", "受理", "he-window", "POST", "/api/v1/cases/{}/accept", "received"),
    Scenario("decide", "准予(含证照)", "sun-approve", "POST", "/api/v1/cases/{}/grant", "reviewed"),
    Scenario("case", "一个办件的全部", "zhao-review", "GET", "/api/v1/cases/{}", "whole", True),
    Scenario("page", "办件一屏(网页)", "zhao-review", "GET", "/cases/{}/", "whole", True),
    Scenario("list20", "待受理 20 条", "he-window", "GET", "/api/v1/work/to-accept?{}", "first20", True),
    Scenario("list100", "待受理 100 条", "he-window", "GET", "/api/v1/work/to-accept?{}", "first100", True),
    Scenario("deep20", "第一千页 20 条", "he-window", "GET", "/api/v1/work/to-accept?{}", "deep20", True),
    Scenario("deep100", "第一千页 100 条", "he-window", "GET", "/api/v1/work/to-accept?{}", "deep100", True),
    Scenario("sparse", "待受理(范围内很少)", "chen-window", "GET", "/api/v1/work/to-accept?{}", "first20", True),
    Scenario("steps", "待审查 20 条", "zhao-review", "GET", "/api/v1/work/steps?{}", "first20", True),
    Scenario("workpage", "待受理(网页)", "he-window", "GET", "/work/accept/?{}", "empty", True),
    Scenario("search", "检索事项", "lin-xiaoman", "GET", "/api/v1/items/search?q={}", "words", True),
    Scenario("deadline", "期限计算(接口)", "lin-xiaoman", "GET",
             "/api/v1/deadline?start=2026-03-02&limit={}", "limits", True),
)  # fmt: skip


def scenario(name: str) -> Scenario:
    return next(s for s in SCENARIOS if s.name == name)
