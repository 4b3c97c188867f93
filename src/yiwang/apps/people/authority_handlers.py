"""Telling the people concerned about an authorisation, and the clock's part in it."""

from __future__ import annotations

from datetime import datetime

from yiwang.apps.people import events
from yiwang.apps.people.authorising import expire
from yiwang.apps.people.authority_models import Authorisation, AuthorisationUse, Guardianship
from yiwang.apps.people.credit_models import DishonestyListing
from yiwang.apps.people.domain.authority import AuthorisationState, GuardianshipState
from yiwang.apps.people.guarding import end_guardian
from yiwang.apps.people.models import Party, Representation
from yiwang.foundation.access import system_actor
from yiwang.foundation.messaging.sending import queue
from yiwang.kernel.moment import chinese_date

NEWS, USED = "people.authorisation", "people.authorisation_use"
RELATION = "people.relation"


def _of(authorisation_id: int) -> Authorisation:
    return Authorisation.objects.select_related("principal").get(pk=authorisation_id)


def agent_of(row: Authorisation) -> Party | None:
    """The person it names, where they are registered."""
    return Party.objects.filter(
        paper_kind=row.agent_paper_kind,
        paper_index=bytes(row.agent_paper_index),
        name_index=bytes(row.agent_name_index),
    ).first()


def _tell(row: Authorisation, to: int, occasion: str, title: str, body: str, at: datetime) -> None:
    queue(
        kind=NEWS,
        subject=row.subject,
        occasion=occasion,
        recipient_id=to,
        title=title,
        body=body,
        link=f"/my/authorisations/{row.pk}/",
        at=at,
    )


def on_confirmed(event: events.AuthorisationConfirmed, at: datetime) -> None:
    row = _of(event.authorisation_id)
    days = f"{chinese_date(row.valid_from)}至 {chinese_date(row.valid_until)}"
    _tell(
        row,
        row.principal_id,
        "CONFIRMED:principal",
        "委托已生效",
        f"您已委托 {row.agent_label} 办事({row.act_labels}),{days}。不想继续时可以随时撤销,"
        "立即生效。不是您本人办的,请马上撤销并拨打服务热线。",
        at,
    )
    agent = agent_of(row)
    if agent is not None:
        _tell(
            row,
            agent.pk,
            "CONFIRMED:agent",
            "有人委托您办事",
            f"{row.principal.label} 委托您办事({row.act_labels}),{days}。"
            "办事时请选择为他(它)办理;不愿意的可以随时退出。",
            at,
        )


def on_ended(event: events.AuthorisationEnded, at: datetime) -> None:
    row = _of(event.authorisation_id)
    why = row.get_end_display()
    _tell(
        row,
        row.principal_id,
        "ENDED:principal",
        "委托已结束",
        f"您对 {row.agent_label} 的委托已经结束({why}),对方不能再替您办事。没交的草稿在"
        "「我的办件」里,可以自己接着办。",
        at,
    )
    agent = agent_of(row)
    if agent is not None:
        _tell(
            row,
            agent.pk,
            "ENDED:agent",
            "委托已结束",
            f"{row.principal.label} 对您的委托已经结束({why}),您不能再看到和办理相关事项。",
            at,
        )


def on_used(event: events.AuthorisationUsed, at: datetime) -> None:
    """Every act of an agent is told to the principal."""
    use = AuthorisationUse.objects.select_related("authorisation").get(pk=event.use_id)
    row = use.authorisation
    queue(
        kind=USED,
        subject=row.subject,
        occasion=f"use:{use.pk}",
        recipient_id=row.principal_id,
        title="代理人替您办了一件事",
        body=f"代理人 {row.agent_label} {use.what}。不是您的意思的,可以马上撤销委托。",
        link=f"/my/authorisations/{row.pk}/",
        at=at,
    )


def still_to_confirm(subject: str, occasion: str) -> str:
    row = Authorisation.objects.filter(pk=_id(subject)).first()
    waits = row is not None and row.state == AuthorisationState.PROPOSED
    return "" if waits else "委托已经确认、放弃或失效"


def still_news(subject: str, occasion: str) -> str:
    """That it began is news only while it lasts; that it ended stays true."""
    row = Authorisation.objects.filter(pk=_id(subject)).first()
    if row is None:
        return "委托不存在"
    began = occasion.startswith("CONFIRMED")
    return "委托已经结束" if began and row.state != AuthorisationState.CONFIRMED else ""


def still_used(subject: str, occasion: str) -> str:
    """What was done was done."""
    return ""


def on_guardianship(event: events.GuardianshipDecided, at: datetime) -> None:
    """The guardian is told, and at its end the one who has come of age too."""
    row = Guardianship.objects.select_related("child", "guardian").get(pk=event.guardianship_id)
    child = row.child.label
    title, body = {
        GuardianshipState.CONFIRMED: (
            "监护关系已登记",
            f"您作为 {child} 的监护人已登记,可以替孩子在网上办事,到孩子满 18 周岁为止。",
        ),
        GuardianshipState.DECLINED: (
            "监护关系没有登记",
            f"您作为 {child} 的监护人没有登记:{row.note}。请带证明材料到窗口。",
        ),
        GuardianshipState.ENDED: (
            "监护关系已结束",
            f"{child} 的监护关系登记已经结束:{row.note}。以后由本人办理。",
        ),
    }[GuardianshipState(row.state)]
    told = [row.guardian_id]
    if row.state == GuardianshipState.ENDED:
        told.append(row.child_id)
    for party_id in told:
        _relation(row.subject, f"{row.state}:{party_id}", party_id, title, body, at)


def on_representative(event: events.RepresentativeChanged, at: datetime) -> None:
    """Both are told; the new one also that authorisations wait for their word."""
    new = Representation.objects.select_related("organisation").get(pk=event.new_id)
    name, day = new.organisation.label, f"{at:%Y%m%d%H%M%S}"
    _relation(
        event.subject,
        f"new:{new.pk}:{day}",
        new.person_id,
        "您已登记为法定代表人",
        f"您已登记为「{name}」的法定代表人。原来给出的委托仍然有效,请在「授权委托」里逐份确认"
        "或撤销;正在办的办件照常进行。",
        at,
    )
    old = Representation.objects.filter(pk=event.old_id or 0).first()
    if old is not None:
        _relation(
            event.subject,
            f"old:{old.pk}:{day}",
            old.person_id,
            "您不再是法定代表人",
            f"「{name}」已登记新的法定代表人,您从现在起不能再代表它办事。登记有误的,请到窗口说明。",
            at,
        )


def _relation(subject: str, occasion: str, to: int, title: str, body: str, at: datetime) -> None:
    queue(
        kind=RELATION,
        subject=subject,
        occasion=occasion,
        recipient_id=to,
        title=title,
        body=body,
        link="/my/authorisations/",
        at=at,
    )


def comes_of_age(subject: str, at: datetime) -> None:
    """The 18th birthday has come. The date alone decides; this tidies and tells."""
    row = Guardianship.objects.filter(pk=_id(subject)).first()
    if row is not None and row.state == GuardianshipState.CONFIRMED:
        timer = system_actor("timer")
        end_guardian(guardianship_id=row.pk, reason="已满 18 周岁", actor=timer, at=at)


def ends(subject: str, at: datetime) -> None:
    """The code or the authorisation ran out."""
    expire(authorisation_id=_id(subject), actor=system_actor("timer"), at=at)


def _id(subject: str) -> int:
    return int(subject.partition(":")[2])


def on_dishonesty(event: events.DishonestyTold, at: datetime) -> None:
    """An entry on a list of serious dishonesty is told to the party, and its repair."""
    row = DishonestyListing.objects.get(pk=event.listing_id)
    if row.repaired_on is not None:
        title = "失信记录已经修复"
        body = f"「{row.list_name}」的记录已登记修复,可以再选告知承诺。"
    else:
        title = "有一条严重失信记录"
        body = (
            f"{row.organ}的{row.document}把您列入「{row.list_name}」。修复以前不能选告知承诺,"
            "办事请走一般程序,其他不受影响。有不对的或要修复的,请向列入机关提出。"
        )
    queue(
        kind=RELATION,
        subject=row.subject,
        occasion="repaired" if row.repaired_on else "listed",
        recipient_id=row.party_id,
        title=title,
        body=body,
        link="/my/account/",
        at=at,
    )
