"""Each act of the staff on a case, at its own address: what was posted, to one operation.

An act that is not possible brings the case back with the reason and everything that was typed.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST

from yiwang.apps.cases import permissions
from yiwang.apps.cases.errors import CaseError, CaseNotFoundError, ConflictError, InvalidInputError
from yiwang.apps.cases.models import Case
from yiwang.apps.cases.operations import (
    deciding,
    desk,
    held,
    instant,
    originals,
    receiving,
    reviewing,
    stopping,
)
from yiwang.apps.cases.operations.originals import Seen
from yiwang.apps.cases.pages.branch_acts import BRANCH_ACTS, day_of, deliver
from yiwang.apps.cases.pages.posted import Perform, Posted
from yiwang.apps.cases.pages.screen import Attempt, case_page
from yiwang.apps.cases.pages.staff_fields import checks_of, files_of
from yiwang.foundation.files.storing import FileRefusedError
from yiwang.foundation.shell.access import staff_page
from yiwang.kernel.machine import TransitionNotAllowedError


def _accept(posted: Posted) -> Case:
    return desk.accept(checks=checks_of(posted.data), **posted.who)


def _save_checks(posted: Posted) -> None:
    desk.save_checks(checks=checks_of(posted.data), **posted.who)


def _open(posted: Posted) -> None:
    desk.open_to_check(code=posted.text("code"), checks=checks_of(posted.data), **posted.who)


def _correct(posted: Posted) -> Case:
    return desk.correct_material(
        code=posted.text("code"),
        checks=checks_of(posted.data),
        files=files_of(posted.files),
        handed_back=posted.data.getlist("handed-back"),
        **posted.who,
    )


def _use_held(posted: Posted) -> Case:
    return held.use_held(code=posted.text("code"), **posted.who)


def seen_of(data: Any) -> dict[str, Seen]:
    """Material code → what was said of its original; those not chosen are left out."""
    prefix = "original-"
    return {
        name.removeprefix(prefix): Seen(
            is_match=data[name] == "matches",
            note=data.get(f"original-note-{name.removeprefix(prefix)}", ""),
        )
        for name in data
        if name.startswith(prefix) and data[name] in ("matches", "differs")
    }


def _check_originals(posted: Posted) -> Case:
    return originals.check_originals(seen=seen_of(posted.data), **posted.who)


def lines_of(data: Any) -> list[tuple[str, str]]:
    """The free lines of a correction notice: (what, why); empty ones are left out."""
    pairs = zip(data.getlist("line-what"), data.getlist("line-why"), strict=False)
    return [(what.strip(), why.strip()) for what, why in pairs if what.strip() or why.strip()]


def _request_correction(posted: Posted) -> Case:
    return desk.request_correction(
        checks=checks_of(posted.data), lines=lines_of(posted.data), **posted.who
    )


def _refer(posted: Posted) -> Case:
    return receiving.refer(reason=posted.text("reason"), **posted.who)


def _not_required(posted: Posted) -> Case:
    return deciding.not_required(
        reason=posted.text("reason"), article=posted.text("article"), **posted.who
    )


def _decline(posted: Posted) -> Case:
    names = ("ground", "right_organ", "facts", "reason", "article")
    return deciding.decline(**posted.texts(*names), **posted.who)


def _give_opinion(posted: Posted) -> Case:
    names = ("step", "conclusion", "opinion", "second_person")
    return reviewing.give_opinion(**posted.texts(*names), **posted.who)


def _pause(posted: Posted) -> Case:
    return stopping.pause(
        ground=posted.text("ground"),
        expected=f"{posted.text('expected')}{posted.text('unit')}",
        reason=posted.text("reason"),
        began_on=day_of(posted, "began_on") if posted.text("began_on") else None,
        **posted.who,
    )


def _resume(posted: Posted) -> Case:
    return stopping.resume(pause_name=posted.text("pause"), **posted.who)


def _extend(posted: Posted) -> Case:
    return reviewing.extend(reason=posted.text("reason"), **posted.who)


def _grant(posted: Posted) -> Case:
    return deciding.grant(opinion=posted.text("opinion"), **posted.who)


def _grant_at_once(posted: Posted) -> Case:
    return instant.grant_at_once(**posted.who)


def _refuse(posted: Posted) -> Case:
    return deciding.refuse(
        facts=posted.text("facts"),
        articles=[*posted.data.getlist("articles"), posted.text("article")],
        reason=posted.text("reason"),
        **posted.who,
    )


# Address → what it does, and the word said when it is done.
ACTS: dict[str, tuple[Perform, str]] = {
    "save-checks": (_save_checks, "核对情况已保存。"),
    "open": (_open, ""),
    "correct-on-spot": (_correct, "已当场更正。"),
    "use-held": (_use_held, "已从证照库取用,不用申请人提交。"),
    "check-originals": (_check_originals, "原件核验已记录。"),
    "accept": (_accept, "已受理,办理期限开始计算,受理通知书正在生成。"),
    "request-correction": (_request_correction, "补正告知书已发出,收件告知期限停止。"),
    "refer": (_refer, "已提请审批办认定。"),
    "not-required": (_not_required, "已告知不需办理,告知书正在生成。"),
    "decline": (_decline, "不予受理通知书正在生成。"),
    "give-opinion": (_give_opinion, "审查意见已提交。"),
    "pause": (_pause, "已停止计时,告知书正在生成。"),
    "resume": (_resume, "已恢复计时。"),
    "extend": (_extend, "期限已延长,延期告知书正在生成。"),
    "grant": (_grant, "决定已作出,决定书和证照正在制作,制作完成后才通知领取。"),
    "grant-at-once": (_grant_at_once, "决定已作出,电子证照正在制作,制作完成后才通知申请人。"),
    "refuse": (_refuse, "决定已作出,决定书正在制作。"),
    "deliver": (deliver, "已发放,送达回证正在生成。办件办结。"),
    **BRANCH_ACTS,
}


@require_POST
@staff_page(
    permissions.ACCEPT,
    permissions.REVIEW,
    permissions.PAUSE,
    permissions.DECIDE,
    permissions.EXTEND,
    permissions.DELIVER,
)
def act(request: HttpRequest, case_id: int, slug: str) -> HttpResponse:
    """Do one act, then back to the case."""
    perform, done = ACTS[slug]
    posted = Posted(case_id, request.POST, request.FILES, request.actor, request.at)  # type: ignore[attr-defined]
    try:
        perform(posted)
    except CaseNotFoundError:
        raise
    except (CaseError, TransitionNotAllowedError, FileRefusedError) as error:
        return case_page(request, case_id, attempt=_attempt(slug, request.POST, error))
    if done:
        messages.success(request, done)
    return HttpResponseRedirect(_back(case_id, slug, posted), status=303)


def _attempt(slug: str, data: Any, error: Any) -> Attempt:
    """What was tried, with the status and the reason it did not happen."""
    fields = dict(error.fields) if isinstance(error, InvalidInputError) else {}
    message = str(getattr(error, "message", "") or error)
    status = 422 if isinstance(error, InvalidInputError | FileRefusedError) else 409
    if isinstance(error, FileRefusedError):
        fields = {f"file-{data.get('code', '')}": message}
    return Attempt(slug, data, fields, message, status, isinstance(error, ConflictError))


def _back(case_id: int, slug: str, posted: Posted) -> str:
    code = posted.text("code")
    if slug in ("open", "save-checks") and posted.text("left"):
        panes = {name: posted.text(name)[:60] for name in ("left", "right")}
        return f"/cases/{case_id}/side/?{urlencode(panes)}"
    if slug == "open":
        return f"/cases/{case_id}/?open={code}#material-{code}"
    if slug == "correct-on-spot" and code:
        return f"/cases/{case_id}/#material-{code}"
    return f"/cases/{case_id}/" + ("#desk" if slug == "save-checks" else "")
