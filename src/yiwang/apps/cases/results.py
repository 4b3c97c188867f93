"""The result of a granted case: the certificate and its document, decided with the decision."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import Any

from yiwang.apps.cases.models import NEVER, Case
from yiwang.apps.cases.operations.act import Act
from yiwang.apps.certificates.public import Certificate, issue, order_making
from yiwang.foundation.documents.composing import compose
from yiwang.foundation.documents.content import Certificate as CertificateFace
from yiwang.foundation.documents.content import Field
from yiwang.foundation.documents.issuing import new_check_code
from yiwang.foundation.documents.kinds import DocumentKind
from yiwang.foundation.links import public_url
from yiwang.kernel.clock.reckoning import add_months
from yiwang.kernel.identifiers.kinds import PaperKind
from yiwang.kernel.moment import chinese_date, civil_date


def valid_until(issued_on: date, years: int | None) -> date | None:
    """The last day of a validity of whole years: the day before the anniversary."""
    return add_months(issued_on, 12 * years) - timedelta(days=1) if years else None


def issue_result(act: Act, form: dict[str, Any]) -> None:
    """Make the certificate row and have its document written. Nothing for results without one."""
    result = act.definition.result
    if result.licence_type is None:
        return
    case, today = act.case, civil_date(act.at)
    until = valid_until(today, result.valid_years)
    document_id = uuid.uuid4()
    fields = [(field.label, _value(field.source, case, act, form)) for field in result.fields]
    number = f"{result.number_word}{case.short_number.replace('-', '')}"
    certificate = issue(
        kind=act.definition.code.replace("-", "_"),
        licence_type=result.licence_type,
        name=result.name,
        number=number,
        holder=case.applicant,
        organ=case.organ,
        fields=dict(fields),
        issued_on=today,
        valid_until=until,
        subject=case.subject,
        serial=case.pk,
        document_id=document_id,
    )
    code = new_check_code()
    document = compose(
        DocumentKind.CERTIFICATE,
        organ=case.organ,
        on=today,
        number=number,
        title=result.name,
        addressee=case.applicant.name,
        certificate=CertificateFace(
            holder=case.applicant.name,
            fields=tuple(Field(label, value) for label, value in fields),
            valid_from=today,
            valid_to=until,
            identifier=certificate.identifier,
        ),
        check_url=public_url(f"/check/{code}"),
        check_code=code,
    )
    act.facts["certificate"] = {"id": certificate.pk, "identifier": certificate.identifier}
    act.document(document, identifier=document_id, kind_word="")
    _order(act, certificate)


def _order(act: Act, certificate: Certificate) -> None:
    """Have it made, where the item prints on numbered blanks; no statement where it does not."""
    blank = act.definition.result.blank
    if blank is None:
        return
    clock = act.clocks().delivery
    making = order_making(
        certificate,
        blank=(blank.code, blank.name),
        short_number=act.case.short_number,
        hall_id=act.case.hall_id,
        due=(clock.reckoning.due_on, clock.reckoning.due_at or NEVER) if clock else (None, NEVER),
        at=act.at,
    )
    act.facts["making"] = making.pk


def _value(source: str, case: Case, act: Act, form: dict[str, Any]) -> str:
    """The text of one certificate line; a missing answer prints as a dash, never as 'None'."""
    kind, _, name = source.partition(".")
    if kind == "form":
        value = form.get(name)
        return _option_title(act, name, value) if value not in (None, "") else "—"
    if kind == "holder":
        details = case.applicant.details or {}
        values = {
            "name": case.applicant.name,
            "paper_number": case.applicant.paper_number,
            "paper_kind": PaperKind(case.applicant.paper_kind).label,
            **{key: str(value) for key, value in details.items()},
        }
        return values.get(name, "—")
    return {
        "item_name": case.item_name,
        "organ_name": case.organ.name,
        "short_number": case.short_number,
        "decided_on": chinese_date(civil_date(act.at)),
        "accepted_on": chinese_date(civil_date(case.accepted_at)) if case.accepted_at else "—",
    }.get(name, "—")


def _option_title(act: Act, name: str, value: Any) -> str:
    schema = act.definition.form.schema_["properties"].get(name, {})
    if isinstance(value, list):
        return "、".join(_option_title_of(schema.get("items", {}), v) for v in value)
    return _option_title_of(schema, value)


def _option_title_of(schema: dict[str, Any], value: Any) -> str:
    for option in schema.get("oneOf", ()):
        if option.get("const") == value:
            return str(option.get("title", value))
    if isinstance(value, bool):
        return "是" if value else "否"
    return str(value)
