"""Every rule of the quality list finds what it is for, in one place, and nothing in a clean guide."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from tests.unit.catalog.demonstration import PACKAGES

from yiwang.apps.catalog.domain.definition import Basis, Definition, LimitFigure
from yiwang.apps.catalog.domain.publishing import problems
from yiwang.apps.catalog.domain.quality import findings, reader_texts
from yiwang.apps.catalog.domain.quality_rules import (
    LONGEST_SENTENCE,
    LONGEST_SUMMARY,
    LONGEST_TEXT,
    TOLD,
    VAGUE,
    QualityRule,
)
from yiwang.apps.catalog.domain.special import Handling
from yiwang.apps.catalog.domain.vocabulary import (
    DeemedAcceptance,
    HandlingSystem,
    Mark,
    MaterialSource,
)
from yiwang.apps.catalog.hooks import Practice
from yiwang.apps.catalog.quality import is_unlike
from yiwang.apps.catalog.wording import names_of, place_in_words

RUNNING = {QualityRule.UNLIKE_PRACTICE, QualityRule.OPEN_NOTES}


def known(figure: LimitFigure | None) -> LimitFigure | None:
    return figure and figure.model_copy(update={"mark": Mark.READ, "article": "某法 §1"})


def clean() -> Definition:
    """The food licence with everything mended that the list finds in the demonstration."""
    d = PACKAGES["food-business-licence"]
    limits = {name: known(getattr(d.limits, name)) for name in type(d.limits).model_fields}
    sure = {"mark": Mark.READ}

    def all_sure(parts: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(part.model_copy(update=sure) for part in parts)

    return d.model_copy(
        update={
            "bases": tuple(b.model_copy(update={"article": "§1"}) for b in d.bases),
            "limits": d.limits.model_copy(update=limits),
            "materials": tuple(
                m.model_copy(update={"advice": "拍清楚。", "licence_kind": "business_licence"})
                for m in d.materials
            ),
            "extension": d.extension and d.extension.model_copy(update=sure),
            "correction": d.correction.model_copy(update=sure),
            "result": d.result.model_copy(update={"validity_mark": Mark.READ}),
            "deferral": d.deferral and d.deferral.model_copy(update=sure),
            "renewal": d.renewal and d.renewal.model_copy(update=sure),
            "pause_grounds": all_sure(d.pause_grounds),
            "commitments": all_sure(d.commitments),
            "procedures": all_sure(d.procedures),
        }
    )


CLEAN = clean()
FIRST = next(m for m in CLEAN.materials if m.source is not MaterialSource.FORM)


def with_first(**changes: Any) -> Definition:
    """The first material that somebody has to prepare, changed."""
    mended = FIRST.model_copy(update=changes)
    materials = tuple(mended if m is FIRST else m for m in CLEAN.materials)
    return CLEAN.model_copy(update={"materials": materials})


def with_limit(name: str, **changes: Any) -> Definition:
    figure = getattr(CLEAN.limits, name).model_copy(update=changes)
    limits = CLEAN.limits.model_copy(update={name: figure})
    return CLEAN.model_copy(update={"limits": limits})


def changed(**changes: Any) -> Definition:
    return CLEAN.model_copy(update=changes)


def part(name: str, **changes: Any) -> Definition:
    return changed(**{name: getattr(CLEAN, name).model_copy(update=changes)})


def first_of(name: str, **changes: Any) -> Definition:
    """The first of a list of parts changed; taken from another item where the clean one has none."""
    whole = getattr(CLEAN, name) or next(
        getattr(d, name) for d in PACKAGES.values() if getattr(d, name)
    )
    return changed(**{name: (whole[0].model_copy(update=changes),)})


def found(definition: Definition) -> list[tuple[QualityRule, str, str]]:
    return [(one.rule, one.where, one.detail) for one in findings(definition)]


def test_a_clean_guide_has_no_finding() -> None:
    assert found(CLEAN) == []
    assert problems(CLEAN) == []


BROKEN = [
    (
        with_first(source=MaterialSource.GOVERNMENT, licence_kind="", source_organ="公安机关"),
        (QualityRule.HELD_BY_GOVERNMENT, f"materials[{FIRST.code}].licence_kind", "由公安机关核发"),
    ),
    (
        changed(bases=(Basis(law="某办法"),)),
        (QualityRule.BASIS_WITHOUT_ARTICLE, "bases[0].article", "《某办法》"),
    ),
    (
        changed(deemed_acceptance=DeemedAcceptance.AT_ONCE, deemed_acceptance_article=""),
        (QualityRule.BASIS_WITHOUT_ARTICLE, "deemed_acceptance_article", ""),
    ),
    (
        with_limit("delivery", article="", source=""),
        (QualityRule.FIGURE_WITHOUT_ORIGIN, "limits.delivery", "法条原文"),
    ),
    (
        with_limit("promised", limit=CLEAN.limits.statutory.limit, start=CLEAN.limits.statutory.start),
        (QualityRule.PROMISE_NOT_SHORTER, "limits.promised", "都是 10 个工作日"),
    ),
    (
        changed(summary="长" * LONGEST_SUMMARY + "。"),
        (QualityRule.TEXT_TOO_LONG, "summary", f"{LONGEST_SUMMARY + 1} 字"),
    ),
    (
        with_first(advice="短句。" * (LONGEST_TEXT // 3 + 1)),
        (QualityRule.TEXT_TOO_LONG, f"materials[{FIRST.code}].advice", "201 字"),
    ),
    (
        changed(conditions=("长" * (LONGEST_SENTENCE + 1) + "。",)),
        (QualityRule.TEXT_TOO_LONG, "conditions[0]", f"一句 {LONGEST_SENTENCE + 1} 字"),
    ),
    (
        changed(summary=f"{CLEAN.name}。"),
        (QualityRule.SUMMARY_TELLS_NOTHING, "summary", ""),
    ),
    (
        with_first(advice=""),
        (QualityRule.MATERIAL_WITHOUT_ADVICE, f"materials[{FIRST.code}].advice", ""),
    ),
    (changed(questions=()), (QualityRule.NO_QUESTIONS, "questions", "")),
    (
        changed(conditions=("按规定交其他有关材料。",)),
        (QualityRule.VAGUE_WORDS, "conditions[0]", "「其他有关材料」「按规定」"),
    ),
]  # fmt: skip


@pytest.mark.parametrize(("definition", "expected"), BROKEN, ids=lambda v: getattr(v, "code", None))
def test_a_broken_guide_has_just_that_finding(
    definition: Definition, expected: tuple[QualityRule, str, str]
) -> None:
    assert found(definition) == [expected]


def unsure() -> Iterator[tuple[str, Definition]]:
    """Every part with a mark, made unsure one after another."""
    for name in ("receipt", "statutory", "promised", "delivery"):
        yield f"limits.{name}", with_limit(name, mark=Mark.ESTIMATED)
    donors = PACKAGES.values()
    for name in ("extension", "deferral", "renewal"):
        own = getattr(CLEAN, name) or next(getattr(d, name) for d in donors if getattr(d, name))
        yield name, changed(**{name: own.model_copy(update={"mark": Mark.REMEMBERED})})
    yield "correction", part("correction", mark=Mark.ESTIMATED)
    yield "result.valid_years", part("result", valid_years=5, validity_mark=Mark.ESTIMATED)
    for name in ("pause_grounds", "commitments", "procedures"):
        one = first_of(name, mark=Mark.ESTIMATED)
        yield f"{name}[{getattr(one, name)[0].code}]", one


@pytest.mark.parametrize(
    ("where", "definition"), [*unsure()], ids=lambda v: v if isinstance(v, str) else ""
)
def test_an_unsure_figure_is_found_wherever_it_stands(where: str, definition: Definition) -> None:
    told = [
        (f.where, f.detail) for f in findings(definition) if f.rule is QualityRule.UNSURE_FIGURE
    ]
    assert [place for place, _ in told] == [where]
    assert told[0][1] in (Mark.ESTIMATED.label, Mark.REMEMBERED.label)


@pytest.mark.parametrize("mark", [Mark.READ, Mark.DEFAULT, Mark.SECONDARY])
def test_what_is_known_is_no_finding(mark: Mark) -> None:
    assert found(with_limit("promised", mark=mark)) == []


def test_a_validity_that_is_not_told_is_not_doubted() -> None:
    assert found(part("result", valid_years=None, validity_mark=Mark.ESTIMATED)) == []


@pytest.mark.parametrize("word", VAGUE)
def test_every_vague_word_is_found_once(word: str) -> None:
    told = found(changed(conditions=(f"请提交{word}。",)))
    assert told == [(QualityRule.VAGUE_WORDS, "conditions[0]", f"「{word}」")]


def test_what_the_law_says_in_its_own_words_is_not_called_vague() -> None:
    basis = CLEAN.bases[0].model_copy(update={"text": "按照规定提交有关材料。"})
    refusal = CLEAN.refusals[0].model_copy(update={"text": "没有有关材料"})
    assert found(changed(bases=(basis,), refusals=(refusal,))) == []


def test_a_promise_is_only_compared_where_it_can_be_shorter_and_is_ours() -> None:
    legal = CLEAN.limits.statutory
    assert legal is not None
    same = with_limit("promised", limit=legal.limit, start=legal.start)
    elsewhere = Handling(system=HandlingSystem.PROVINCIAL, name="省级系统")
    assert found(same.model_copy(update={"handling": elsewhere})) == []
    at_once = CLEAN.limits.model_copy(
        update={
            "statutory": legal.model_copy(update={"limit": "0wd"}),
            "promised": legal.model_copy(update={"limit": "0wd"}),
        }
    )
    assert found(changed(limits=at_once)) == []
    none = CLEAN.limits.model_copy(update={"statutory": None})
    assert found(changed(limits=none)) == []


def test_what_is_made_of_the_answers_needs_no_advice() -> None:
    assert found(with_first(source=MaterialSource.FORM, advice="")) == []


@pytest.mark.parametrize(
    ("received", "corrected", "is_found"),
    [(10, 4, True), (10, 3, False), (9, 9, False), (100, 31, True), (100, 30, False), (0, 0, False)],
)  # fmt: skip
def test_practice_is_unlike_from_ten_cases_and_over_thirty_per_cent(
    received: int, corrected: int, is_found: bool
) -> None:
    assert is_unlike(Practice(received, corrected), least=10, share=30) is is_found


def test_every_rule_says_what_to_do_and_who_asks_for_it() -> None:
    assert set(TOLD) == set(QualityRule)
    assert [rule for rule, told in TOLD.items() if not (told.advice and told.source)] == []
    tried = {rule for _, (rule, *_) in BROKEN} | RUNNING | {QualityRule.UNSURE_FIGURE}
    assert tried == set(QualityRule)


def test_every_place_of_the_demonstration_is_told_in_words() -> None:
    """No code of a part, no English key is left in what an editor reads."""
    places = set()
    for definition in PACKAGES.values():
        names = names_of(definition)
        wheres = {f.where for f in findings(definition)} | {w for w, _ in reader_texts(definition)}
        places |= {place_in_words(where, names) for where in wheres}
    coded = [place for place in places if any("a" <= c <= "z" for c in place.lower())]
    assert coded == []
