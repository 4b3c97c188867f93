"""What a published guide is looked at for: each rule with what to do, and where it comes from.

None of them stands against publication (`publishing.problems` does that); they say where a guide
that is in force can be better.
"""

from __future__ import annotations

from dataclasses import dataclass

from yiwang.kernel.labelled import LabelledEnum
from yiwang.kernel.parameters import Mark


class QualityRule(LabelledEnum):
    """The first two are seen in the running of an item, the others in its definition."""

    UNLIKE_PRACTICE = "UNLIKE_PRACTICE", "指南可能和实际不一致"
    OPEN_NOTES = "OPEN_NOTES", "有指南纠错没有处理"
    HELD_BY_GOVERNMENT = "HELD_BY_GOVERNMENT", "要了政府核发的材料"
    VAGUE_WORDS = "VAGUE_WORDS", "含糊的说法"
    BASIS_WITHOUT_ARTICLE = "BASIS_WITHOUT_ARTICLE", "依据没有写到条款"
    UNSURE_FIGURE = "UNSURE_FIGURE", "数字没有核实"
    FIGURE_WITHOUT_ORIGIN = "FIGURE_WITHOUT_ORIGIN", "时限没有写出处"
    PROMISE_NOT_SHORTER = "PROMISE_NOT_SHORTER", "承诺时限没有比法定的短"
    TEXT_TOO_LONG = "TEXT_TOO_LONG", "文字太长"
    SUMMARY_TELLS_NOTHING = "SUMMARY_TELLS_NOTHING", "简介只有事项名称"
    MATERIAL_WITHOUT_ADVICE = "MATERIAL_WITHOUT_ADVICE", "材料没有填报须知"
    NO_QUESTIONS = "NO_QUESTIONS", "没有常见问题"


@dataclass(frozen=True, slots=True)
class Told:
    """`advice` is what to do; `source` says who asks for it, `mark` how sure that is."""

    advice: str
    source: str
    mark: Mark


_OURS = "平台默认"
_NOTES = "海口2021年通报:实际办理与网上指南不完全一致"
TOLD = {
    QualityRule.UNLIKE_PRACTICE: Told(
        "看看常被要求补正的是哪些材料,把要求在指南里写清楚。", _NOTES, Mark.SECONDARY
    ),
    QualityRule.OPEN_NOTES: Told("核对指南,改正或者说明为什么不用改。", _NOTES, Mark.SECONDARY),
    QualityRule.HELD_BY_GOVERNMENT: Told(
        "填上对应证照,由系统核验;核验不了的,可以设告知承诺。", "国令716 §7", Mark.VERIFIED
    ),
    # That the list of materials is to be whole is the law's; the words below are our choice.
    QualityRule.VAGUE_WORDS: Told(
        "写明是哪些、什么时候;说不清的就不要求。",
        "行政许可法 §30 公示全部材料目录;不写兜底的话见转述,未见原文",
        Mark.SECONDARY,
    ),
    QualityRule.BASIS_WITHOUT_ARTICLE: Told(
        "写到具体的条、款。", "行政许可法 §30(公示依据)", Mark.VERIFIED
    ),
    QualityRule.UNSURE_FIGURE: Told(
        "找到出处并改可信程度;找到以前,指南上标着「演示数据」或者「待核实」。", _OURS, Mark.DEFAULT
    ),
    QualityRule.FIGURE_WITHOUT_ORIGIN: Told(
        "填上条款或者来源,让申请人看得到出处。", _OURS, Mark.DEFAULT
    ),
    QualityRule.PROMISE_NOT_SHORTER: Told(
        "能快的就缩短承诺;不能快的可以不改。", _OURS, Mark.DEFAULT
    ),
    QualityRule.TEXT_TOO_LONG: Told("拆成短句,一句只说一件事。", _OURS, Mark.DEFAULT),
    QualityRule.SUMMARY_TELLS_NOTHING: Told(
        "用一两句话说谁要办、办了有什么用。", _OURS, Mark.DEFAULT
    ),
    QualityRule.MATERIAL_WITHOUT_ADVICE: Told(
        "写明到哪里取得、怎么拍照、常错在哪里。", _OURS, Mark.DEFAULT
    ),
    # Publication already asks permits for one.
    QualityRule.NO_QUESTIONS: Told("把窗口常被问到的写上一两条。", _OURS, Mark.DEFAULT),
}

# What leaves to the reader, or to the clerk, what is asked. Matched as they stand.
VAGUE = (
    "其他材料", "其它材料", "其他有关材料", "其他相关材料", "有关材料", "相关材料", "等材料",
    "其他证明", "有关证明", "相关证明", "等证明", "其他资料", "相关资料", "等资料",
    "视情况", "视情形", "必要时", "原则上", "按规定", "按照规定", "按有关规定", "按照有关规定",
    "按相关规定", "按照相关规定",
)  # fmt: skip
# Characters. A plain reader takes in one sentence at a time, and the summary at a glance.
LONGEST_SUMMARY, LONGEST_TEXT, LONGEST_SENTENCE = 120, 200, 80
