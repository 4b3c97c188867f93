"""The pages of a definition: which fields are edited together."""

from __future__ import annotations

from dataclasses import dataclass

from yiwang.apps.catalog.domain.definition import Definition
from yiwang.apps.catalog.plain.shapes import Asked, asked_of

# The identity of an item: another organ or code is another item, taken over by a package.
FIXED = frozenset({"code", "organ"})


@dataclass(frozen=True, slots=True)
class Page:
    """`key` is its address; one field alone is told by the field's own word."""

    key: str
    label: str
    fields: tuple[str, ...]
    hint: str = ""
    is_by_one: bool = False  # its list is long and its parts are large: one at a time


def _page(key: str, label: str, fields: str = "", **more: str | bool) -> Page:
    return Page(key, label, tuple(fields.split()) or (key,), **more)  # type: ignore[arg-type]


PAGES = (
    _page("basic", "基本信息", "name aliases alias_note summary kind regime case_kind level depth "
          "catalog_code audiences topics effective_on note"),
    _page("bases", "设立依据", hint="法律、法规、规章写全名和条款。"),
    _page("conditions", "受理条件", "conditions not_required_when"),
    _page("limits", "时限", hint="法律没有规定期限的,法定时限留空,不要编。"),
    _page("materials", "申报材料", is_by_one=True),
    _page("form", "表单", hint="结构按 JSON Schema 2020-12 写成 YAML。"),
    _page("route", "审查路线"),
    _page("result", "办理结果"),
    _page("correction", "补正"),
    _page("refusals", "不予理由"),
    _page("ways", "办理方式", "handling acceptor online visits visit_reason zero_visit_modes "
          "is_batch_allowed is_paperless deemed_acceptance deemed_acceptance_article "
          "supervising_organ upper_organ applicant_limit"),
    _page("places", "办理地点和电话", "places consult_phone complaint_phone"),
    _page("fee", "收费"),
    _page("questions", "常见问题"),
    _page("remedy", "救济途径和权利", "remedy rights"),
    _page("commitments", "告知承诺", "commitments is_high_risk"),
    _page("deferral", "容缺受理"),
    _page("procedures", "特别程序"),
    _page("pause_grounds", "停止计时事由", hint="没有列在这里的理由不能停止计时。"),
    _page("extension", "延长期限"),
    _page("renewal", "延续"),
    _page("instant_rules", "自动核验规则", hint="决策表,写成 YAML;没有的留空。"),
    _page("english", "英文指南"),
)  # fmt: skip
BY_KEY = {page.key: page for page in PAGES}


def fields_of(page: Page) -> list[Asked]:
    """The page's fields in its own order."""
    known = {one.key: one for one in asked_of(Definition)}
    return [known[key] for key in page.fields]
