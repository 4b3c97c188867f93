"""A definition in words, for the table of differences: its places, and the values found there.

Complete by construction: a field's kind is read from the definition's own model, so an enumerated
value, a limit or a date is told in its own words wherever it stands; a test walks every field.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from enum import Enum
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel

from yiwang.apps.catalog.domain.definition import Definition, LimitText
from yiwang.kernel.clock import Limit
from yiwang.kernel.moment import chinese_date

Names = Mapping[str, str]

_PART = re.compile(r"[^.\[\]]+|\[[^\]]*\]")
_LONGEST_NAME = 16

WORDS = {
    "acceptance": "受理",
    "acceptor": "谁受理",
    "address": "地址",
    "advice": "填报须知",
    "after": "前置环节",
    "alias_note": "别名说明",
    "aliases": "别名",
    "answer": "答",
    "applicant_limit": "对申请人的时限",
    "approver": "批准人",
    "article": "条款",
    "audiences": "服务对象",
    "bases": "设立依据",
    "basis": "依据",
    "case_kind": "办件类型",
    "catalog_code": "目录编码",
    "charged": "是否收费",
    "check_points": "核查要点",
    "check_within": "核查期限",
    "closes": "最晚提出",
    "code": "标识",
    "commitments": "告知承诺",
    "complaint_phone": "投诉电话",
    "conditions": "受理条件",
    "consequence": "违反承诺的后果",
    "consult_phone": "咨询电话",
    "copies": "份数",
    "correction": "补正",
    "court": "管辖法院",
    "days": "天数",
    "deemed_acceptance": "视为受理",
    "deemed_acceptance_article": "视为受理依据",
    "deferral": "容缺受理",
    "delivery": "送达",
    "depth": "深度",
    "effective_on": "生效日期",
    "english": "英文指南",
    "excluded": "不适用情形",
    "excluded_note": "不适用情形说明",
    "extension": "延长期限",
    "fee": "收费",
    "field": "字段",
    "fields": "栏目",
    "form": "表单",
    "grant_title": "准予文书名",
    "grant_word": "准予用语",
    "handling": "办理方式",
    "hint": "提示",
    "hours": "办公时间",
    "instant_rules": "自动核验规则",
    "is_batch_allowed": "可批量办理",
    "is_deemed": "视为准予",
    "is_deferrable": "可容缺",
    "is_required": "必经",
    "job": "岗位",
    "kind": "种类",
    "label": "名称",
    "law": "法律",
    "level": "层级",
    "licence_kind": "对应证照",
    "licence_type": "证照类型代码",
    "limit": "时限",
    "limits": "时限",
    "mark": "可信程度",
    "materials": "申报材料",
    "name": "名称",
    "not_required_when": "不需办理的情形",
    "note": "说明",
    "number_word": "文号用字",
    "online": "网上可办",
    "opens": "最早提出",
    "organ": "实施主体",
    "overdue": "逾期后果",
    "pause_ground": "停止计时事由",
    "pause_grounds": "停止计时事由",
    "people": "人数",
    "places": "办理地点",
    "points": "核对要点",
    "procedures": "特别程序",
    "promised": "承诺时限",
    "properties": "字段",
    "question": "问",
    "questions": "常见问题",
    "receipt": "收件告知时限",
    "refusals": "不予理由",
    "refuse_title": "不予文书名",
    "refuse_word": "不予用语",
    "regime": "办理性质",
    "remedy": "救济途径",
    "renewal": "延续",
    "replaces": "代替的材料",
    "required": "必要",
    "required_when": "何时必要",
    "result": "办理结果",
    "review_address": "复议地址",
    "review_organ": "复议机关",
    "rights": "申请人权利",
    "route": "审查路线",
    "schema": "结构",
    "sections": "分页",
    "skips": "免去的环节",
    "source": "来源",
    "source_organ": "来源单位",
    "standard": "标准",
    "start": "起算",
    "statutory": "法定时限",
    "steps": "步骤",
    "stops_statutory": "停止法定时限",
    "summary": "简介",
    "supervising_organ": "监督单位",
    "system": "办理系统",
    "text": "内容",
    "title": "标题",
    "topics": "主题",
    "upper_organ": "上级决定机关",
    "valid_years": "有效年数",
    "validity_article": "有效期依据",
    "validity_mark": "有效期可信程度",
    "values": "取值",
    "visit_reason": "到现场原因",
    "visits": "到现场次数",
    "when": "什么情形下要交",
    "window": "窗口",
    "years": "年数",
}
# The keys of the form's JSON Schema and of a decision table; their own words come first there.
SCHEMA_WORDS = {
    "$schema": "表单规范",
    "above": "大于",
    "additionalProperties": "允许其他字段",
    "allOf": "条件",
    "below": "小于",
    "code": "标识",
    "const": "取值",
    "description": "填写提示",
    "enum": "选项",
    "format": "格式",
    "from": "不小于",
    "id": "标识",
    "if": "如果",
    "inputs": "输入",
    "items": "每一项",
    "label": "名称",
    "maxItems": "最多几项",
    "maxLength": "最多字数",
    "maximum": "最大值",
    "minItems": "最少几项",
    "minLength": "最少字数",
    "minimum": "最小值",
    "name": "标识",
    "oneOf": "选项",
    "outcome": "结论",
    "pattern": "书写格式",
    "properties": "字段",
    "reason": "理由",
    "required": "必填",
    "rows": "规则",
    "then": "那么",
    "title": "名称",
    "to": "不大于",
    "type": "类型",
    "uniqueItems": "不能重复",
    "values": "可选值",
    "version": "版本",
    "when": "条件",
    "x-prefill": "自动填入",
    "x-sensitive": "敏感信息",
    "x-widget": "控件",
}
SCHEMA_VALUES = {
    "array": "多项",
    "bool": "是或否",
    "boolean": "是或否",
    "date": "日期",
    "decimal": "小数",
    "enum": "选项",
    "idcard": "证件号码",
    "int": "整数",
    "integer": "整数",
    "number": "数字",
    "object": "一组字段",
    "phone": "电话号码",
    "photo": "照片",
    "radios": "单选",
    "resident-id": "身份证号码",
    "select": "下拉选择",
    "string": "文字",
    "text": "文字",
    "textarea": "多行文字",
    "uscc": "统一社会信用代码",
}
OUTCOMES = {"GRANT": "准予", "TO_PERSON": "转人工核对"}
PREFILLS = {
    "organisation.address": "单位的住所",
    "organisation.legal_representative": "单位的法定代表人",
    "organisation.name": "单位的名称",
    "organisation.uscc": "单位的统一社会信用代码",
    "person.address": "本人的住址",
    "person.id_number": "本人的证件号码",
    "person.name": "本人的姓名",
    "person.paper_kind": "本人的证件类型",
    "person.phone": "本人的电话",
}
RESULT_SOURCES = {
    "case.accepted_on": "办件的受理日期",
    "case.decided_on": "办件的决定日期",
    "case.item_name": "事项名称",
    "case.organ_name": "办理机关",
    "case.short_number": "办件编号",
    "holder.address": "持证人的住所",
    "holder.legal_representative": "持证人的法定代表人",
    "holder.name": "持证人的名称",
    "holder.paper_kind": "持证人的证件类型",
    "holder.paper_number": "持证人的证件号码",
}
DELIVERIES = {"ONLINE": "网上签收", "POST": "邮寄", "WINDOW": "窗口领取"}
JOBS = {"decide": "决定", "review": "审查", "site_check": "现场核查"}


def place_in_words(where: str, names: Names | None = None) -> str:
    """`materials[lease].points[a].text` → `申报材料「租赁合同」 › 核对要点 a › 内容`.

    `names` (see `names_of`) tells coded parts by name; a part without a word stays as it is.
    """
    names, path = names or {}, ""
    words: list[str] = []
    for part in _PART.findall(where):
        inside = part.strip("[]")
        path = f"{path}{part}" if part.startswith("[") or not path else f"{path}.{part}"
        if part.startswith("[") or inside.isdecimal():
            shown = f" 第 {int(inside) + 1} 项" if inside.isdecimal() else f" {inside}"
            shown = f"「{names[path]}」" if path in names else shown
            words[-1:] = [f"{words[-1]}{shown}" if words else shown.strip()]
        elif path in names:
            words[-1:] = [f"{words[-1]}「{names[path]}」" if words else names[path]]
        else:
            words.append(_word(part, path))
    return " › ".join(words)


def _word(key: str, path: str) -> str:
    own = (SCHEMA_WORDS, WORDS) if _is_free(path) else (WORDS, SCHEMA_WORDS)
    return next((words[key] for words in own if key in words), key)


def _is_free(path: str) -> bool:
    """True inside the parts that are no fields of ours: a JSON Schema, a decision table."""
    return path.startswith(("form.schema.", "instant_rules."))


def names_of(*definitions: Definition | None) -> dict[str, str]:
    """Place → name of every part that has a code of its own; later definitions win."""
    found: dict[str, str] = {}
    for definition in definitions:
        if definition is not None:
            _name(definition.model_dump(mode="json", by_alias=True), "", found)
            _name_inputs(definition.instant_rules or {}, found)
            _name_conditions(definition.form.schema_, found)
    return found


def _name(value: Any, path: str, found: dict[str, str]) -> None:
    if isinstance(value, list):
        for place, part in enumerate(value):
            inside = part.get("code", place) if isinstance(part, dict) else place
            _name(part, f"{path}[{inside}]", found)
    if not isinstance(value, dict):
        return
    own = next((value[k] for k in ("name", "title", "label", "text") if value.get(k)), "")
    is_coded = (path.endswith("]") and "code" in value) or ".properties." in path
    if is_coded and isinstance(own, str) and own:
        found[path] = own if len(own) <= _LONGEST_NAME else f"{own[:_LONGEST_NAME]}…"
    for key, part in value.items():
        _name(part, f"{path}.{key}" if path else str(key), found)


def _name_inputs(table: dict[str, Any], found: dict[str, str]) -> None:
    """The inputs of a decision table by their labels, in every row that asks for them."""
    labels = {one["name"]: one["label"] for one in table.get("inputs", ())}
    for place in range(len(table.get("rows", ()))):
        for name, label in labels.items():
            found[f"instant_rules.rows[{place}].when.{name}"] = label


def _name_conditions(schema: dict[str, Any], found: dict[str, str]) -> None:
    """The fields that the form's conditions ask about, and the answers they ask for."""
    top = "form.schema.properties"
    for name, part in schema.get("properties", {}).items():
        options = part.get("oneOf") or part.get("items", {}).get("oneOf", ())
        found |= {f"{top}.{name}={one['const']}": str(one.get("title", "")) for one in options}
        for place in range(len(schema.get("allOf", ()))):
            for clause in ("if", "then", "else"):
                path = f"form.schema.allOf[{place}].{clause}.properties.{name}"
                found[path] = str(part.get("title", name))


def value_in_words(where: str, value: str, names: Names | None = None) -> str:
    """The value at a place as people read it; a text, a number or a code of one's own as it is."""
    names = names or {}
    if not value:
        return ""
    kind = _kind_at(where)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return str(getattr(kind(value), "label", value))
    if kind is date:
        return chinese_date(date.fromisoformat(value))
    if kind is LimitText:
        return Limit.parse(value).label
    if value in ("True", "False"):
        return "是" if value == "True" else "否"
    return _coded(where, value, names)


def _coded(where: str, value: str, names: Names) -> str:
    """Values that name another part, or come from a closed list."""
    place = re.sub(r"\[[^\]]*\]", "", where)
    key = place.rpartition(".")[2]
    asked = re.search(r"\.(?:if|then|else)\.properties\.(\w+)\.", place)
    if asked and key in ("const", "enum"):
        return names.get(f"form.schema.properties.{asked[1]}={value}") or value
    if place.startswith("form.") and key in ("required", "fields"):
        return names.get(f"form.schema.properties.{value}", value)
    if place == "route.after":
        return names.get(f"route[{value}]", value)
    if place == "result.fields.source" and value.startswith("form."):
        return f"表单「{names.get(f'form.schema.properties.{value[5:]}', value[5:])}」"
    if _is_free(where):
        lists = {"x-prefill": PREFILLS, "outcome": OUTCOMES}
        is_listed = key in ("type", "format", "x-widget")
        return lists.get(key, SCHEMA_VALUES if is_listed else {}).get(value, value)
    lists = {
        "result.delivery": DELIVERIES,
        "result.fields.source": RESULT_SOURCES,
        "route.job": JOBS,
    }
    return lists.get(place, {}).get(value, value)


def _kind_at(where: str) -> Any:
    """The declared kind of a place: an enum, a date, LimitText … ; None where nothing is told."""
    kind: Any = Definition
    for part in _PART.findall(where):
        kind = _bare(kind)
        if part.startswith("["):
            kind = next(iter(get_args(kind)), None) if get_origin(kind) is tuple else None
        elif isinstance(kind, type) and issubclass(kind, BaseModel):
            kind = _field(kind, part)
        else:
            return None
    return _bare(kind)


def _field(model: type[BaseModel], key: str) -> Any:
    """The annotation of a field by its name in a package; LimitText as it was written."""
    for name, info in model.model_fields.items():
        if (info.alias or name) == key:
            limit = get_args(LimitText)[1]
            is_limit = any(limit.metadata == [part] for part in info.metadata)
            return LimitText if is_limit else info.annotation
    return None


def _bare(kind: Any) -> Any:
    """Without 「or None」."""
    if get_origin(kind) in (Union, UnionType):
        return next((part for part in get_args(kind) if part is not type(None)), None)
    return get_args(kind)[0] if get_origin(kind) is Annotated and kind is not LimitText else kind
