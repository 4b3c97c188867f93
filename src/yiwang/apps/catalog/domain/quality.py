"""What could be better in a definition that is in force: pure, from the definition alone.

Only what publication does not forbid already (`publishing.problems`): whatever is published has
bases, places, phones and, where it is worked out fully, an English guide.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from yiwang.apps.catalog.domain.definition import Definition, LimitFigure
from yiwang.apps.catalog.domain.quality_rules import (
    LONGEST_SENTENCE,
    LONGEST_SUMMARY,
    LONGEST_TEXT,
    TOLD,
    VAGUE,
    QualityRule,
)
from yiwang.apps.catalog.domain.vocabulary import DeemedAcceptance, Mark, MaterialSource

_SENTENCE = re.compile("[\u3002\uff01\uff1f\uff1b!?;\n]")  # full and half width


@dataclass(frozen=True, slots=True)
class QualityFinding:
    """`where` is a place of the definition as `wording.place_in_words` reads it (or words, where
    no place is meant); `detail` what was found there, "" where the rule says it all."""

    rule: QualityRule
    where: str
    detail: str = ""

    @property
    def advice(self) -> str:
        """What to do."""
        return TOLD[self.rule].advice


def findings(definition: Definition) -> list[QualityFinding]:
    """Everything that could be better, rule by rule in the order of the guide."""
    return [
        *_held_by_government(definition),
        *_vague(definition),
        *_bases(definition),
        *_unsure(definition),
        *_without_origin(definition),
        *_promise(definition),
        *_long(definition),
        *_summary(definition),
        *_advice(definition),
        *_questions(definition),
    ]


def _held_by_government(d: Definition) -> Iterator[QualityFinding]:
    """A paper that an organ issued, without the certificate that would answer for it."""
    for material in d.materials:
        if material.source is MaterialSource.GOVERNMENT and not material.licence_kind:
            yield QualityFinding(
                QualityRule.HELD_BY_GOVERNMENT,
                f"materials[{material.code}].licence_kind",
                f"由{material.source_organ}核发" if material.source_organ else "",
            )


def _vague(d: Definition) -> Iterator[QualityFinding]:
    for where, text in reader_texts(d):
        found = [word for word in VAGUE if word in text]
        # 「其他有关材料」 says 「有关材料」 too: told once, as the longest.
        longest = [w for w in found if not any(w != other and w in other for other in found)]
        if longest:
            words = "".join(f"「{word}」" for word in longest)
            yield QualityFinding(QualityRule.VAGUE_WORDS, where, words)


def _bases(d: Definition) -> Iterator[QualityFinding]:
    rule = QualityRule.BASIS_WITHOUT_ARTICLE
    for place, basis in enumerate(d.bases):
        if not basis.article:
            yield QualityFinding(rule, f"bases[{place}].article", f"《{basis.law}》")
    is_deemed = d.deemed_acceptance is not DeemedAcceptance.NEVER
    if is_deemed and not d.deemed_acceptance_article:
        yield QualityFinding(rule, "deemed_acceptance_article")


def _figures(d: Definition) -> Iterator[tuple[str, LimitFigure]]:
    limits = d.limits
    yield "limits.receipt", limits.receipt
    if limits.statutory is not None:
        yield "limits.statutory", limits.statutory
    yield "limits.promised", limits.promised
    if limits.delivery is not None:
        yield "limits.delivery", limits.delivery


def _marks(d: Definition) -> Iterator[tuple[str, Mark]]:
    """Every figure that carries a mark, by its place."""
    for where, figure in _figures(d):
        yield where, figure.mark
    if d.extension is not None:
        yield "extension", d.extension.mark
    for ground in d.pause_grounds:
        yield f"pause_grounds[{ground.code}]", ground.mark
    yield "correction", d.correction.mark
    if d.result.valid_years is not None:
        yield "result.valid_years", d.result.validity_mark
    if d.deferral is not None:
        yield "deferral", d.deferral.mark
    for commitment in d.commitments:
        yield f"commitments[{commitment.code}]", commitment.mark
    for procedure in d.procedures:
        yield f"procedures[{procedure.code}]", procedure.mark
    if d.renewal is not None:
        yield "renewal", d.renewal.mark


def _unsure(d: Definition) -> Iterator[QualityFinding]:
    """Estimated or remembered: the guide shows it with its doubt, not as a fact."""
    for where, mark in _marks(d):
        if not mark.is_known:
            yield QualityFinding(QualityRule.UNSURE_FIGURE, where, mark.label)


def _without_origin(d: Definition) -> Iterator[QualityFinding]:
    """Said to be known, without saying from where."""
    for where, figure in _figures(d):
        if figure.mark.is_known and not (figure.article or figure.source):
            yield QualityFinding(QualityRule.FIGURE_WITHOUT_ORIGIN, where, figure.mark.label)


def _promise(d: Definition) -> Iterator[QualityFinding]:
    """The same number of the same unit from the same start: longer is not published at all.

    Nothing is shorter than the same day, and another system's promise is not made here.
    """
    statutory = d.limits.statutory
    if statutory is None or not d.handling.is_own:
        return
    promised, legal = d.limits.promised.to_limit(), statutory.to_limit()
    is_same = (promised.number, promised.unit, promised.start) == (
        legal.number,
        legal.unit,
        legal.start,
    )
    if is_same and promised.number > 0:
        yield QualityFinding(
            QualityRule.PROMISE_NOT_SHORTER, "limits.promised", f"都是 {promised.label}"
        )


def _long(d: Definition) -> Iterator[QualityFinding]:
    for where, text in reader_texts(d):
        longest = LONGEST_SUMMARY if where == "summary" else LONGEST_TEXT
        sentence = max(len(part.strip()) for part in _SENTENCE.split(text))
        if len(text) > longest:
            detail = f"{len(text)} 字"
        elif sentence > LONGEST_SENTENCE:
            detail = f"一句 {sentence} 字"
        else:
            continue
        yield QualityFinding(QualityRule.TEXT_TOO_LONG, where, detail)


def _summary(d: Definition) -> Iterator[QualityFinding]:
    if d.summary.strip("。. ") in (d.name, *d.aliases):
        yield QualityFinding(QualityRule.SUMMARY_TELLS_NOTHING, "summary")


def _advice(d: Definition) -> Iterator[QualityFinding]:
    """What is made of the answers (FORM) needs no advice: nobody prepares it."""
    for material in d.materials:
        if material.source is not MaterialSource.FORM and not material.advice:
            yield QualityFinding(
                QualityRule.MATERIAL_WITHOUT_ADVICE, f"materials[{material.code}].advice"
            )


def _questions(d: Definition) -> Iterator[QualityFinding]:
    if not d.questions:
        yield QualityFinding(QualityRule.NO_QUESTIONS, "questions")


def reader_texts(d: Definition) -> Iterator[tuple[str, str]]:
    """Place and text of what an applicant reads in Chinese and an editor words: not the law's own
    words (`bases`, `refusals`), nor the choices of a field, which ask for nothing."""
    yield "summary", d.summary
    yield from _each("conditions", d.conditions)
    yield from _each("not_required_when", d.not_required_when)
    yield from _present(
        ("alias_note", d.alias_note),
        ("applicant_limit", d.applicant_limit),
        ("visit_reason", d.visit_reason),
        ("fee.standard", d.fee.standard),
        ("handling.note", d.handling.note),
        ("remedy.note", d.remedy.note),
        *((f"{where}.note", figure.note) for where, figure in _figures(d)),
    )
    for m in d.materials:
        top = f"materials[{m.code}]"
        yield from _present(
            (f"{top}.name", m.name),
            (f"{top}.required_when", m.required_when),
            (f"{top}.advice", m.advice),
            *((f"{top}.points[{p.code}].text", p.text) for p in m.points),
        )
    yield from _form_texts(d)
    for c in d.commitments:
        top = f"commitments[{c.code}]"
        yield from _present(
            (f"{top}.text", c.text),
            (f"{top}.excluded_note", c.excluded_note),
            (f"{top}.consequence", c.consequence),
        )
    yield from _present(*((f"procedures[{p.code}].note", p.note) for p in d.procedures))
    for place, question in enumerate(d.questions):
        yield f"questions[{place}].question", question.question
        yield f"questions[{place}].answer", question.answer
    yield from _each("rights", d.rights)


def _form_texts(d: Definition) -> Iterator[tuple[str, str]]:
    for place, section in enumerate(d.form.sections):
        top = f"form.sections[{place}]"
        yield from _present((f"{top}.title", section.title), (f"{top}.hint", section.hint))
    for name, part in d.form.schema_.get("properties", {}).items():
        top = f"form.schema.properties.{name}"
        yield from _present(
            (f"{top}.title", str(part.get("title", ""))),
            (f"{top}.description", str(part.get("description", ""))),
        )


def _each(where: str, texts: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for place, text in enumerate(texts):
        yield f"{where}[{place}]", text


def _present(*texts: tuple[str, str]) -> Iterator[tuple[str, str]]:
    yield from (pair for pair in texts if pair[1])
