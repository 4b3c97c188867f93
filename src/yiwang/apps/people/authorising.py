"""Authorising somebody: proposed in the account, confirmed by message code; or at a window.

The agent is never looked up while an authorisation is made: the answer, and the time it takes,
are the same whether or not such a person is registered.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from yiwang.apps.people import permissions
from yiwang.apps.people.authority_models import Authorisation
from yiwang.apps.people.authority_terms import (
    AuthorityError,
    AuthorityNotFoundError,
    InvalidTermsError,
    Terms,
    check_terms,
)
from yiwang.apps.people.domain.authority import (
    AUTHORISATION,
    AuthorisationEnd,
    AuthorisationState,
    ConfirmationWay,
    MandateAct,
)
from yiwang.apps.people.events import AuthorisationConfirmed, AuthorisationEnded
from yiwang.apps.people.labels import label_of
from yiwang.apps.people.models import Party, Representation
from yiwang.apps.people.queries import paper_index, paper_indexes
from yiwang.apps.people.reindexing import align_paper
from yiwang.foundation.access import AccessDeniedError, Actor
from yiwang.foundation.files.models import Attachment
from yiwang.foundation.files.storing import attach
from yiwang.foundation.messaging.models import Channel, Message, MessageStatus
from yiwang.foundation.messaging.sending import queue
from yiwang.foundation.outbox.bus import publish
from yiwang.foundation.record.writing import append
from yiwang.foundation.secrets import keyring
from yiwang.foundation.timers.sweep import set_timers
from yiwang.kernel.identifiers import papers
from yiwang.kernel.masking import MaskKind, mask, mask_name
from yiwang.kernel.moment import civil_date, start_of_day

CODE, ENDS = "people.authorisation_code", "people.authorisation_ends"
_CODE = "people.authorisation"
CODE_FOR, TRIES, MOST_OPEN = timedelta(minutes=30), 5, 50


def principals_of(actor: Actor, *, today: date) -> list[Party]:
    """For whom this person may authorise somebody: themselves, then the organisations whose legal
    representative they are. Neither a child's guardian nor an agent passes a trust on."""
    if actor.party_id is None:
        return []
    heads = Representation.objects.filter(
        person_id=actor.party_id,
        organisation_id__in=actor.represents,
        is_legal_representative=True,
        valid_from__lte=today,
    ).values_list("organisation_id", flat=True)
    found = Party.objects.in_bulk([actor.party_id, *heads])
    return [found[actor.party_id], *(p for k, p in sorted(found.items()) if k != actor.party_id)]


def is_principal(row: Authorisation, actor: Actor, *, today: date) -> bool:
    """True for the principal, and for the legal representative of one that is an organisation."""
    if row.principal_id == actor.party_id:
        return True
    if not actor.acts_for(row.principal_id):
        return False
    return any(p.pk == row.principal_id for p in principals_of(actor, today=today))


def code_of(row: Authorisation) -> str:
    """The six digits told by message; nothing of them is kept on the row."""
    return keyring().digits(_CODE, _code_subject(row))


def _is_code(row: Authorisation, offered: str) -> bool:
    return keyring().is_digits(_CODE, _code_subject(row), offered)


def _code_subject(row: Authorisation) -> str:
    return f"{row.pk}:{row.proposed_at.timestamp():.6f}"


def _new(
    principal: Party, terms: Terms, way: ConfirmationWay, actor: Actor, at: datetime
) -> Authorisation:
    """The unsaved row. Raises AuthorityError with everything that needs mending."""
    problems = check_terms(terms, today=civil_date(at))
    if problems:
        raise InvalidTermsError(f"有 {len(problems)} 处需要修改,已填写的内容都保留着。", problems)
    align_paper(terms.paper_kind, terms.paper_number)
    index = paper_index(terms.paper_kind, terms.paper_number)
    own = {(p.paper_kind, bytes(p.paper_index)) for p in (principal, *_person(actor))}
    same = {
        (terms.paper_kind.value, i) for i in paper_indexes(terms.paper_kind, terms.paper_number)
    }
    if same & own:
        raise InvalidTermsError(
            "不能委托给自己。", {"paper_number": "这是您自己的证件号码,请填代理人的。"}
        )
    name = " ".join(terms.name.split())
    open_ones = Authorisation.objects.filter(
        principal=principal, state__in=[AuthorisationState.PROPOSED, AuthorisationState.CONFIRMED]
    )
    if open_ones.count() >= MOST_OPEN:
        raise AuthorityError(f"同时有效的委托最多 {MOST_OPEN} 份,请先撤销不用的。")
    assert terms.valid_from is not None and terms.valid_until is not None
    return Authorisation(
        principal=principal,
        agent_label=mask_name(name),
        agent_name=name,
        agent_paper_kind=terms.paper_kind.value,
        agent_paper_number=papers.check(terms.paper_kind, terms.paper_number).value,
        agent_paper_index=index,
        agent_name_index=keyring().blind_index(name, purpose="party.name"),
        items=[] if terms.is_for_all else sorted(set(terms.items)),
        is_for_all=terms.is_for_all,
        acts=[act.value for act in MandateAct if act.value in terms.acts],
        valid_from=terms.valid_from,
        valid_until=terms.valid_until,
        way=way.value,
        proposed_by=actor.ref,
        proposed_at=at,
    )


def _person(actor: Actor) -> list[Party]:
    return list(Party.objects.filter(pk=actor.party_id)) if actor.party_id else []


def write(
    row: Authorisation,
    action: str,
    *,
    actor: Actor,
    at: datetime,
    facts: Mapping[str, Any] | None = None,
) -> None:
    """Its record entry. The row is locked by the caller, so no two writers meet."""
    append(
        subject=row.subject,
        operation=f"people.{action}_authorisation",
        actor=actor.ref,
        at=at,
        facts={"authorisation_state": row.state, **(facts or {})},
    )


def _terms_facts(row: Authorisation) -> dict[str, Any]:
    return {
        "principal": row.principal_id,
        "item_codes": "ALL" if row.is_for_all else row.items,
        "mandate_acts": row.acts,
        "valid_from": str(row.valid_from),
        "valid_until": str(row.valid_until),
        "way": row.way,
    }


@transaction.atomic
def propose(*, principal_id: int, terms: Terms, actor: Actor, at: datetime) -> Authorisation:
    """Write an authorisation down and send the code; it works only when confirmed.

    For an organisation the code goes to its legal representative, who is the one to mean it.
    Raises AuthorityError, AccessDeniedError.
    """
    today = civil_date(at)
    principal = next((p for p in principals_of(actor, today=today) if p.pk == principal_id), None)
    if principal is None:
        raise AccessDeniedError("只有本人,或单位的法定代表人,可以委托别人。")
    row = _new(principal, terms, ConfirmationWay.MESSAGE_CODE, actor, at)
    person = next(iter(_person(actor)))
    if not person.phone:
        raise AuthorityError(
            "您没有登记手机号码,收不到验证码。请带身份证件到窗口办理委托,或先登记手机号码。"
        )
    row.state, row.code_until = AuthorisationState.PROPOSED, at + CODE_FOR
    row.save()
    write(row, "propose", actor=actor, at=at, facts=_terms_facts(row))
    set_timers(row.subject, {ENDS: row.code_until})
    queue(
        kind=CODE,
        subject=row.subject,
        occasion="code",
        recipient_id=person.pk,
        title="确认授权委托",
        body=f"验证码 {code_of(row)},用于确认委托 {row.agent_label} 替您办事,30 分钟内有效。"
        "不是您本人操作,请不要告诉任何人。",
        channels=(Channel.SMS,),
        at=at,
    )
    return row


def phone_of(actor: Actor) -> str:
    """Where the code goes, masked."""
    found = _person(actor)
    return mask(MaskKind.PHONE, found[0].phone or "") if found else ""


def _locked(authorisation_id: int) -> Authorisation:
    row = (
        Authorisation.objects.select_for_update(of=("self",))
        .select_related("principal")
        .filter(pk=authorisation_id)
        .first()
    )
    if row is None:
        raise AuthorityNotFoundError
    return row


def _own(authorisation_id: int, actor: Actor, at: datetime) -> Authorisation:
    """The principal's own, locked: somebody else's does not exist."""
    row = _locked(authorisation_id)
    if not is_principal(row, actor, today=civil_date(at)):
        raise AuthorityNotFoundError
    return row


def confirm(*, authorisation_id: int, code: str, actor: Actor, at: datetime) -> Authorisation:
    """Confirm with the code. A wrong one counts, and the fifth ends it: the count stays although
    the answer is no. Raises AuthorityError, TransitionNotAllowedError."""
    with transaction.atomic():
        row = _own(authorisation_id, actor, at)
        refusal = _try(row, code, actor, at)
    if refusal:
        raise InvalidTermsError(refusal, {"code": refusal})
    return row


def _try(row: Authorisation, code: str, actor: Actor, at: datetime) -> str:
    """Confirmed and "", or why not."""
    AUTHORISATION.require(row.state, "confirm")
    if row.proposed_by != actor.ref:
        return "验证码发给了提出委托的人,请由本人确认。"
    if row.code_until is None or at > row.code_until or civil_date(at) > row.valid_until:
        _finish(row, AuthorisationEnd.UNCONFIRMED, "lapse", actor, at)
        return "验证码已经过了 30 分钟。填写的内容还在,请重新提交一次,会发新的验证码。"
    if not _is_code(row, re.sub(r"\s", "", code)):
        row.code_tries += 1
        if row.code_tries >= TRIES:
            _finish(row, AuthorisationEnd.TRIES, "lapse", actor, at)
            return "验证码连续 5 次不对,这次委托没有成立。填写的内容还在,可以重新提交。"
        row.save(update_fields=["code_tries"])
        return f"验证码不对,请核对短信里的六位数字。还可以试 {TRIES - row.code_tries} 次。"
    row.state, row.code_until = AuthorisationState.CONFIRMED, None
    row.confirmed_by, row.confirmed_label, row.confirmed_at = actor.ref, "委托人本人", at
    row.save()
    _begin(row, actor, at, {"way": row.way})
    return ""


def _begin(row: Authorisation, actor: Actor, at: datetime, facts: dict[str, Any]) -> None:
    write(row, "confirm", actor=actor, at=at, facts=facts)
    set_timers(row.subject, {ENDS: start_of_day(row.valid_until + timedelta(days=1))})
    _forget_code(row)
    publish([AuthorisationConfirmed(authorisation_id=row.pk)], at=at)


def _forget_code(row: Authorisation) -> None:
    """A code that was sent stays in the list of messages; its digits need not."""
    Message.objects.filter(subject=row.subject, kind=CODE, status=MessageStatus.SENT).update(
        body="验证码已经用过或失效。"
    )


@transaction.atomic
def authorise_at_window(
    *,
    principal: Party,
    agent: Party,
    terms: Terms,
    seen: Collection[str],
    file: tuple[str, bytes] | None,
    actor: Actor,
    at: datetime,
) -> Authorisation:
    """Both are at the counter: a clerk saw both papers and keeps the signed 授权委托书.

    `terms` name the agent as read from the paper. Raises AuthorityError, FileRefusedError.
    """
    actor.require(permissions.REGISTER_RELATIONS)
    problems = {}
    if {"principal", "agent"} - set(seen):
        problems["seen"] = "请核对委托人和代理人双方的证件原件,并分别勾选。"
    if file is None:
        problems["file"] = "请上传双方签字的授权委托书。"
    if not agent.is_natural:
        problems["paper_number"] = "代理人要是个人。"
    if problems:
        raise InvalidTermsError(f"有 {len(problems)} 处需要修改,已填写的内容都保留着。", problems)
    row = _new(principal, terms, ConfirmationWay.WINDOW, actor, at)
    row.state = AuthorisationState.CONFIRMED
    row.confirmed_by, row.confirmed_label, row.confirmed_at = actor.ref, label_of(actor), at
    row.save()
    assert file is not None
    row.paper = attached(file, row.subject, actor, at)
    row.save(update_fields=["paper"])
    write(row, "propose", actor=actor, at=at, facts=_terms_facts(row))
    _begin(row, actor, at, {"way": row.way, "file": str(row.paper.pk), "seen": sorted(seen)})
    return row


def attached(file: tuple[str, bytes], subject: str, actor: Actor, at: datetime) -> Attachment:
    """The paper kept with a relation. Raises FileRefusedError."""
    name, content = file
    return attach(content, name=name, subject=subject, purpose="paper", actor=actor.ref, at=at)


def _finish(
    row: Authorisation, end: AuthorisationEnd, action: str, actor: Actor, at: datetime
) -> None:
    row.state = AUTHORISATION.require(row.state, action).lands_on(row.state)
    row.end, row.ended_at, row.code_until = end.value, at, None
    row.save(update_fields=["state", "end", "ended_at", "code_until", "code_tries"])
    write(row, action, actor=actor, at=at, facts={"end": end.value})
    set_timers(row.subject, {ENDS: None})
    _forget_code(row)
    if row.confirmed_at is not None:
        publish([AuthorisationEnded(authorisation_id=row.pk)], at=at)


@transaction.atomic
def revoke(*, authorisation_id: int, actor: Actor, at: datetime) -> Authorisation:
    """撤销: one press of the principal, at once. One not yet confirmed is dropped."""
    row = _own(authorisation_id, actor, at)
    action = "drop" if row.state == AuthorisationState.PROPOSED else "revoke"
    _finish(row, AuthorisationEnd.PRINCIPAL, action, actor, at)
    return row


@transaction.atomic
def renounce(*, authorisation_id: int, actor: Actor, at: datetime) -> Authorisation:
    """退出: the agent does not want to any more, at once."""
    row = _locked(authorisation_id)
    if row.state == AuthorisationState.PROPOSED or not is_agent(row, actor):
        raise AuthorityNotFoundError
    _finish(row, AuthorisationEnd.AGENT, "renounce", actor, at)
    return row


@transaction.atomic
def keep(*, authorisation_id: int, actor: Actor, at: datetime) -> Authorisation:
    """继续: the new legal representative stands by what the old one authorised."""
    row = _own(authorisation_id, actor, at)
    AUTHORISATION.require(row.state, "keep")
    row.review_since = None
    row.save(update_fields=["review_since"])
    write(row, "keep", actor=actor, at=at)
    return row


@transaction.atomic
def expire(*, authorisation_id: int, actor: Actor, at: datetime) -> None:
    """The platform's own tidying, on the word of the clock. The dates alone decide what works."""
    row = _locked(authorisation_id)
    if row.state == AuthorisationState.PROPOSED and row.code_until and at >= row.code_until:
        _finish(row, AuthorisationEnd.UNCONFIRMED, "lapse", actor, at)
    elif row.state == AuthorisationState.CONFIRMED and civil_date(at) > row.valid_until:
        _finish(row, AuthorisationEnd.DATE, "expire", actor, at)


def is_agent(row: Authorisation, actor: Actor) -> bool:
    """True for the very person it names: paper and name both agree."""
    found = _person(actor)
    return bool(found) and (
        found[0].paper_kind == row.agent_paper_kind
        and bytes(found[0].paper_index) == bytes(row.agent_paper_index)
        and bytes(found[0].name_index) == bytes(row.agent_name_index)
    )
