"""The guide as a document to print: the same published definition, set by the same press."""

from __future__ import annotations

from yiwang.apps.catalog.domain.definition import Definition
from yiwang.apps.catalog.pages.guide_parts import Guide, GuideMaterial, guide_of
from yiwang.apps.catalog.pages.guide_special import Told
from yiwang.apps.catalog.public import CurrentVersion
from yiwang.foundation.access import Actor
from yiwang.foundation.documents.content import (
    Document,
    Field,
    ItemList,
    ListedItem,
    Section,
    Table,
)
from yiwang.foundation.documents.kinds import DocumentKind
from yiwang.kernel.moment import chinese_date

ANYBODY = Actor(ref="anonymous", label="")


def guide_document(version: CurrentVersion, *, url: str, is_demo: bool) -> Document:
    """The document of one version; it holds nothing of who asked for it."""
    guide = guide_of(version, actor=ANYBODY, today=version.effective_on)
    item = version.definition
    sections = (
        _summary(guide),
        Section("受理条件", lists=_list("可以办的条件", item.conditions)),
        *_not_required(item),
        _materials(guide),
        *_special(guide),
        _steps(guide),
        _places(item),
        _remedies(guide),
        Section("设立依据", paragraphs=tuple(_basis(item))),
        *_questions(item),
    )
    return Document(
        kind=DocumentKind.GUIDE,
        organ=version.organ_name,
        made_on=version.effective_on,
        is_demo=is_demo,
        number=version.implementation_code,
        title=f"办事指南:{item.name}",
        sections=sections,
        check_url=url,
        check_code=f"第 {version.number} 版",
        version_note=f"第 {version.number} 版,{chinese_date(version.effective_on)} 起施行。"
        + item.note,
    )


def _summary(guide: Guide) -> Section:
    item, statutory = guide.item, guide.statutory
    rows = [
        ("谁可以办", guide.audience),
        ("办理结果", f"{item.result.name} {guide.validity}".strip()),
        ("承诺时限", f"{guide.promised.text} {guide.promised.note}".strip()),
        ("法定时限", f"{statutory.text} {statutory.origin}".strip() if statutory else "没有规定"),
        ("到现场次数", f"{guide.visits} {guide.visits_note}".strip()),
        ("收费", guide.fee),
        ("办件类型", item.case_kind.label),
        ("结果怎么拿", guide.delivery),
    ]
    fields = tuple(Field(label, value) for label, value in rows)
    return Section("基本情况", paragraphs=(item.summary,), fields=fields)


def _list(caption: str, texts: tuple[str, ...]) -> tuple[ItemList, ...]:
    return (ItemList(caption, tuple(ListedItem(text) for text in texts)),) if texts else ()


def _not_required(item: Definition) -> tuple[Section, ...]:
    lists = _list("有下列情形的,不需要办理", item.not_required_when)
    return (Section("不需要办理的情形", lists=lists),) if lists else ()


def _materials(guide: Guide) -> Section:
    groups = (
        ("需要提交", guide.needed),
        ("看情形提交", guide.sometimes),
        ("不用另外准备", guide.spared),
    )
    tables = tuple(
        Table(
            columns=("材料", "形式", "收件要点", "依据"),
            rows=tuple(_material_row(row) for row in rows),
            caption=caption,
            widths=(3, 2, 5, 3),
        )
        for caption, rows in groups
        if rows
    )
    return Section("申请材料", tables=tables)


def _material_row(row: GuideMaterial) -> tuple[str, str, str, str]:
    material = row.material
    when = f"({row.when})" if row.when else ""
    points = ";".join(point.text for point in material.points)
    return (f"{material.name}{when}", row.requirement, points, material.basis)


def _steps(guide: Guide) -> Section:
    table = Table(
        columns=("环节", "谁办", "时限", "说明"),
        rows=tuple((s.name, s.who, s.limit, s.note) for s in guide.steps),
        widths=(3, 3, 3, 5),
    )
    return Section("办理流程", tables=(table,))


def _places(item: Definition) -> Section:
    table = Table(
        columns=("地点", "地址", "时间"),
        rows=tuple((f"{p.name} {p.window}".strip(), p.address, p.hours) for p in item.places)
        or (("见咨询电话", "", ""),),
        widths=(3, 3, 4),
    )
    phones = [("咨询电话", item.consult_phone), ("投诉电话", item.complaint_phone or "12345")]
    fields = tuple(Field(label, value) for label, value in phones if value)
    return Section("办理地点和电话", fields=fields, tables=(table,))


def _remedies(guide: Guide) -> Section:
    lists = _list("您的权利", guide.item.rights)
    return Section("您的权利和救济", paragraphs=(guide.remedy,), lists=lists)


def _special(guide: Guide) -> tuple[Section, ...]:
    """Who decides elsewhere, the applicant's own limit, 容缺, 告知承诺, procedures, renewal."""
    found = []
    words = tuple(text for text in (guide.handling, guide.item.applicant_limit) if text)
    if words:
        found.append(Section("请注意", paragraphs=words))
    told = (guide.deferral, *guide.commitments, *guide.procedures, guide.renewal)
    lists = tuple(_told(one) for one in told if one is not None)
    if lists:
        found.append(Section("特别规定", lists=lists))
    return tuple(found)


def _told(told: Told) -> ItemList:
    texts = [*told.texts, f"依据:{told.origin}"] if told.origin else told.texts
    return ItemList(told.name, tuple(ListedItem(text) for text in texts))


def _basis(item: Definition) -> list[str]:
    return [
        f"{basis.law} {basis.article}".strip() + (f":{basis.text}" if basis.text else "")
        for basis in item.bases
    ]


def _questions(item: Definition) -> tuple[Section, ...]:
    if not item.questions:
        return ()
    words = [f"问:{q.question} 答:{q.answer}" for q in item.questions]
    return (Section("常见问题", paragraphs=tuple(words)),)
