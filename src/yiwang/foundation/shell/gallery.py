"""The context of ``shell/gallery.html``: every component in every state, with fixed data."""

from typing import Any

from yiwang.foundation.shell import gallery_forms
from yiwang.foundation.shell.context import Language, NavItem, Shell
from yiwang.foundation.shell.samples import strips

ITEM = "食品经营许可(新办)"


_TAGS = (
    ("草稿", "neutral"),
    ("审查", "info"),
    ("待补正", "warning"),
    ("红牌", "danger"),
    ("已办结", "success"),
    ("停止计时", "paused"),
)


def gallery_context(
    *, layout: str = "shell/portal.html", edition: str = "standard", is_demo: bool = True
) -> dict[str, Any]:
    """Return the context; ``layout`` is ``shell/portal.html`` or ``shell/staff.html``."""
    is_staff = layout == "shell/staff.html"
    return {
        "layout": layout,
        "shell": _shell(edition, is_demo, is_staff),
        "strips": strips(),
        "fields": gallery_forms.fields(),
        "errors": [
            {"text": "手机号码少一位,应为 11 位", "url": "#id_phone"},
            {"text": "请填写开业日期,如 2026 年 11 月 21 日", "url": "#id_opened"},
            {"text": "请选择经营场所的性质", "url": "#id_premises"},
        ],
        "card": _card(),
        "rows": _rows(),
        "table": _table(),
        "empty_table": _table() | {"rows": [], "pager": None, "select_name": ""},
        "filters": _filters(),
        "tabs": {"label": "办件内容", "links": _filters()["links"][:3]},
        "entries": _entries(),
        "steps": _steps(),
        "materials": gallery_forms.materials(),
        "documents": gallery_forms.documents(),
        "buttons": gallery_forms.buttons(),
        "tags": [{"label": label, "tone": tone} for label, tone in _TAGS],
        "progress": {
            "label": "正在核对上月办件",
            "done": 120,
            "total": 400,
            "note": "可以离开本页,核对完会通知您。",
        },
        "pager": {"previous_url": "", "next_url": "?after=20", "note": "本页 20 件"},
        "search": {
            "url": "#search",
            "label": "您要办什么事?",
            "examples": [{"label": "落户", "url": "#1"}, {"label": "开饭店", "url": "#2"}],
        },
        "tiles": {
            "label": "按人生阶段找",
            "links": [
                {"label": label, "url": f"#{label}", "note": note}
                for label, note in (
                    ("出生", "上户口、医保"),
                    ("入学", "转学、资助"),
                    ("买房", "登记、公积金"),
                    ("开店", "执照、许可"),
                    ("退休", "养老、高龄津贴"),
                )
            ],
        },
    }


def _shell(edition: str, is_demo: bool, is_staff: bool) -> Shell:
    labels = ("收件", "审查", "制证", "督办") if is_staff else ("首页", "办事", "我的", "查进度")
    counts = (12, 128, None, "99+") if is_staff else (None, None, 2, None)
    return Shell(
        city="椰城市(演示)",
        user_label="赵敏",
        role_label="审批办 · 审查岗(代 首席代表)" if is_staff else "本人",
        nav=[
            NavItem(label, f"#{label}", current=at == 1, count=count)
            for at, (label, count) in enumerate(zip(labels, counts, strict=True))
        ],
        languages=()
        if is_staff
        else (
            Language("zh-hans", "中文", "#zh", current=True),
            Language("en", "English", "#en"),
            Language("ru", "Русский", "#ru"),
            Language("ko", "한국어", "#ko"),
        ),
        demo_clock="演示时间 2026年11月21日 周六 09:00" if is_demo else "",
        is_demo=is_demo,
        edition=edition,
        edition_url="#edition",
        accessibility_url="#accessibility",
        logout_url="#logout",
        search_url="#search" if is_staff else "",
        organ="椰城市营商环境建设局",
        is_staff=is_staff,
    )


def _card() -> dict[str, Any]:
    return {
        "title": ITEM,
        "facts": [
            {"label": "承诺时限", "value": "10", "unit": "个工作日", "is_large": True},
            {"label": "法定时限", "value": "20", "unit": "个工作日", "is_large": True},
            {"label": "到现场", "value": "0", "unit": "次", "is_large": True},
            {"label": "收费", "value": "0", "unit": "元", "is_large": True, "note": "不收费"},
            {"label": "谁可以办", "value": "企业、个体工商户"},
            {"label": "办成后得到", "value": "食品经营许可证", "note": "电子证照同样有效"},
        ],
        "actions": [{"label": "立即办理", "url": "#apply"}],
    }


def _rows() -> list[dict[str, Any]]:
    return [
        {
            "label": "名称",
            "value": gallery_forms.LONG_NAME,
            "source": "市场主体登记信息",
            "change_url": "#name",
        },
        {"label": "手机号码", "value": "138****8000", "change_url": "#phone"},
        {"label": "开业日期", "is_missing": True, "change_url": "#opened", "change_label": "填写"},
        {"label": "经营项目", "value": "热食类食品制售\n冷食类食品制售"},
    ]


def _table() -> dict[str, Any]:
    clocks = strips()
    people = [gallery_forms.LONG_NAME, "张*", "椰城某某投资有限公司", "阿卜杜拉·买买提*", "李*"]
    steps = [("审查", "info"), ("待补正", "warning"), ("评审", "paused"), ("督办", "danger")]
    steps.append(("已办结", "success"))
    names = ["calm", "warning", "paused", "overdue", "done"]
    return {
        "caption": "待审查办件,按到期先后",
        "select_name": "case",
        "columns": [
            {"label": "办件编号"},
            {"label": "事项"},
            {"label": "申请人"},
            {"label": "环节", "kind": "tag"},
            {"label": "材料", "kind": "number"},
            {"label": "时限", "kind": "clock"},
        ],
        "rows": [
            {
                "url": f"#case-{at}",
                "is_current": at == 1,
                "select_value": at,
                "select_label": f"YW26-00{at}127",
                "cells": [
                    f"YW26-00{at}127",
                    {"text": ITEM, "note": "一窗 03 号" if at == 2 else ""},
                    person,
                    {"tag": {"label": step[0], "tone": step[1]}},
                    at + 3,
                    {"clock": clocks[name]},
                ],
            }
            for at, (person, step, name) in enumerate(zip(people, steps, names, strict=True))
        ],
        "pager": {"previous_url": "?before=1", "next_url": "?after=5", "note": "本页 5 件"},
        "empty": {
            "title": "现在没有待审查的办件",
            "text": "窗口受理后的办件会按到期先后排在这里。",
            "action_label": "看今天已办的",
            "action_url": "#done",
        },
    }


def _filters() -> dict[str, Any]:
    links = [
        {"label": "全部待办", "url": "#all", "count": 128, "current": True},
        {"label": "今天到期", "url": "#today", "count": 3},
        {"label": "停止计时中", "url": "#paused", "count": 0},
        {"label": "我收藏的", "url": "#mine"},
    ]
    search = {"url": "#find", "label": "在列表里查编号或申请人"}
    return {"label": "待办筛选", "links": links, "search": search, "clear_url": "#clear"}


def _entries() -> list[dict[str, Any]]:
    return [
        {
            "at": "2026年9月28日 周一 16:20",
            "who": "王*",
            "role": "审查岗",
            "title": "请您补一份平面图",
            "said": "平面图上没有标出洗消间的位置,请补充后重新上传。其他材料都已齐全。",
            "tone": "warning",
            "documents": [{"label": "补正告知书 PDF", "url": "#paper"}],
        },
        {
            "at": "2026年9月17日 周四 09:12",
            "who": "综合窗口 03 号",
            "title": "已受理",
            "tone": "success",
        },
        {"at": "2026年9月17日 周四 09:05", "who": "您", "title": "提交了申请"},
    ]


def _steps() -> list[dict[str, Any]]:
    return [
        {"label": "填写申请", "state": "done", "url": "#form"},
        {"label": "审查", "state": "now", "hint": "由市行政审批局办理,10月8日 前完成"},
        {"label": "领取结果", "state": "next"},
    ]
