"""The forms, materials, documents and buttons of the gallery."""

from datetime import date
from typing import Any

LONG_NAME = "内蒙古自治区阿拉善盟额济纳旗达来呼布镇乌兰格日勒某某餐饮服务有限责任公司"


def fields() -> list[dict[str, Any]]:
    """Return one field of each kind, some with a hint, a source or an error."""
    prefilled = {"source": "市场主体登记信息", "at": "2026年11月20日", "dispute_url": "#dispute"}
    kinds: list[dict[str, Any]] = [
        {"value": "own", "label": "自有", "selected": True},
        {"value": "rent", "label": "租赁", "hint": "租期要长于许可证有效期"},
    ]
    late = "请填写开业日期,如 2026 年 11 月 21 日"
    return [
        {"name": "name", "label": "名称", "value": LONG_NAME, "prefilled": prefilled},
        {
            "name": "code",
            "label": "统一社会信用代码",
            "value": "",
            "hint": "18 位",
            "width": "w-20",
        },
        {"name": "id", "label": "负责人身份证号", "kind": "idcard", "width": "w-20"},
        {
            "name": "phone",
            "label": "手机号码",
            "kind": "phone",
            "value": "1380013800",
            "hint": "用来接收办理进度短信",
            "error": "手机号码少一位,应为 11 位",
            "width": "w-12",
            "autocomplete": "tel",
        },
        {"name": "area", "label": "经营面积", "kind": "number", "unit": "平方米", "width": "w-8"},
        {
            "name": "district",
            "label": "所在区",
            "kind": "select",
            "options": [{"value": "1", "label": "吉阳区"}, {"value": "2", "label": "天涯区"}],
        },
        {
            "name": "premises",
            "label": "经营场所的性质",
            "kind": "radios",
            "options": [kinds[0] | {"selected": False}, kinds[1]],
            "error": "请选择经营场所的性质",
        },
        {"name": "kinds", "label": "经营项目", "kind": "checkboxes", "options": kinds},
        {"name": "opened", "label": "开业日期", "kind": "date", "parts": {}, "error": late},
        {"name": "built", "label": "竣工日期", "kind": "native_date", "width": "w-12"},
        {"name": "plan", "label": "平面图", "kind": "file", "hint": "PDF 或照片,20 MB 以内"},
        {
            "name": "remark",
            "label": "说明",
            "kind": "textarea",
            "is_optional": True,
            "maxlength": 200,
        },
        undertaking(),
        {"name": "fixed", "label": "登记地址", "value": "椰城市桃林区", "readonly": True},
    ]


def undertaking() -> dict[str, Any]:
    """Return a promise that was not given yet: one box to tick."""
    return {
        "name": "truth",
        "label": "我保证填写的信息真实",
        "kind": "confirm",
        "options": [{"value": "true", "selected": False}],
        "error": "请确认:我保证填写的信息真实。",
    }


def materials() -> list[dict[str, Any]]:
    """Return one material in each state."""
    return [
        {
            "name": "营业执照",
            "state": "held",
            "source": "市场监管局电子证照库",
            "at": "2026年11月20日 查得",
            "dispute_url": "#dispute",
        },
        {
            "name": "经营场所平面图",
            "state": "needed",
            "requirement": "原件扫描件 1 份,标出设备位置",
            "name_attribute": "layout",
        },
        {
            "name": "从业人员健康证明",
            "state": "uploaded",
            "file": {"name": "健康证明(赵敏等 12 人).pdf", "size": "1.2 MB", "url": "#file"},
            "remove_url": "#replace",
        },
        {
            "name": "房屋租赁合同",
            "state": "fix",
            "reason": "第 3 页缺少出租人签名。",
            "name_attribute": "lease",
        },
        {
            "name": "消防安全检查意见书",
            "state": "later",
            "due": "2026年12月4日 周五",
            "name_attribute": "fire",
        },
    ]


def documents() -> list[dict[str, Any]]:
    """Return a valid and a void document."""
    first = {
        "title": "受理通知书",
        "number": "三行审受〔2026〕第000127号",
        "on": date(2026, 9, 17),
        "organ": "椰城市行政审批局",
        "url": "#pdf",
        "format": "PDF",
        "size": "86 KB",
        "seal": "已加盖电子印章并签名",
        "check_url": "#check",
        "check_code": "8K2M-77QP",
    }
    void = {"is_void": True, "void_reason": "已由第000131号替代", "seal": "", "check_code": ""}
    return [first, first | {"title": "补正告知书"} | void]


def buttons() -> list[dict[str, Any]]:
    """Return one button of each kind, one of them forbidden by law."""
    return [
        {"label": "受理", "name": "act", "value": "accept"},
        {"label": "告知补正", "kind": "secondary", "url": "#correct"},
        {
            "label": "撤回申请",
            "kind": "danger",
            "name": "act",
            "value": "withdraw",
            "confirm": "撤回后这次申请就结束了,以后可以重新申请。确定要撤回吗?",
        },
        {"label": "不予受理", "disabled_reason": "已超过 5 日,依法视为受理(第三十二条)"},
        {"label": "先不做", "kind": "link", "url": "#back"},
    ]
