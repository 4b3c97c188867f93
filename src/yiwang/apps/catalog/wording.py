"""The places of a definition in words, for the table of differences."""

from __future__ import annotations

import re

_PART = re.compile(r"[^.\[\]]+|\[[^\]]*\]")

WORDS = {
    "acceptance": "受理",
    "address": "地址",
    "advice": "填报须知",
    "after": "前置环节",
    "alias_note": "别名说明",
    "aliases": "别名",
    "answer": "答",
    "approver": "批准人",
    "article": "条款",
    "audiences": "服务对象",
    "bases": "设立依据",
    "basis": "依据",
    "case_kind": "办件类型",
    "catalog_code": "目录编码",
    "charged": "是否收费",
    "code": "标识",
    "complaint_phone": "投诉电话",
    "conditions": "受理条件",
    "consult_phone": "咨询电话",
    "copies": "份数",
    "correction": "补正",
    "court": "管辖法院",
    "deemed_acceptance": "视为受理",
    "deemed_acceptance_article": "视为受理依据",
    "delivery": "送达",
    "effective_on": "生效日期",
    "extension": "延长期限",
    "fee": "收费",
    "fields": "栏目",
    "form": "表单",
    "grant_title": "准予文书名",
    "grant_word": "准予用语",
    "hint": "提示",
    "hours": "办公时间",
    "instant_rules": "自动核验规则",
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
    "organ": "实施主体",
    "overdue": "逾期后果",
    "pause_grounds": "停止计时事由",
    "people": "人数",
    "places": "办理地点",
    "points": "核对要点",
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
    "required": "必要",
    "required_when": "何时必要",
    "result": "办理结果",
    "review_address": "复议地址",
    "review_organ": "复议机关",
    "rights": "申请人权利",
    "route": "审查路线",
    "schema": "结构",
    "sections": "分页",
    "source": "来源",
    "source_organ": "来源单位",
    "standard": "标准",
    "start": "起算",
    "statutory": "法定时限",
    "stops_statutory": "停止法定时限",
    "summary": "简介",
    "supervising_organ": "监督单位",
    "text": "内容",
    "title": "标题",
    "topics": "主题",
    "valid_years": "有效年数",
    "validity_article": "有效期依据",
    "validity_mark": "有效期可信程度",
    "visit_reason": "到现场原因",
    "visits": "到现场次数",
    "window": "窗口",
}


def place_in_words(where: str) -> str:
    """`materials[lease].points[a].text` → `申报材料 lease › 核对要点 a › 内容`; a part without a
    word stays as it is."""
    words: list[str] = []
    for part in _PART.findall(where):
        if part.startswith("[") and words:
            inside = part[1:-1]
            shown = f"第 {int(inside) + 1} 项" if inside.isdecimal() else inside
            words[-1] = f"{words[-1]} {shown}"
        else:
            words.append(WORDS.get(part, part))
    return " › ".join(words)
