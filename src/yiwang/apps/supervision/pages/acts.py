"""Forms on a card: the unit explains or appeals, a supervisor decides."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from yiwang.apps.supervision import wording
from yiwang.apps.supervision.domain.vocabulary import AppealCause, CardState
from yiwang.apps.supervision.errors import InvalidActError, NotNowError
from yiwang.apps.supervision.operations import acting
from yiwang.apps.supervision.pages.common import errors_of, found_card, see_other, tabs
from yiwang.apps.supervision.permissions import RESPOND, WATCH
from yiwang.apps.supervision.queries import WholeCard
from yiwang.apps.supervision.seeing import may_decide, why_not_decide
from yiwang.foundation.access import AccessDeniedError
from yiwang.foundation.files.storing import ACCEPTED_WORDS, LARGEST, FileRefusedError
from yiwang.foundation.shell.access import staff_page

GRANT, UPHOLD = "withdraw", "uphold"
Fields = Callable[[WholeCard, dict[str, str]], list[dict[str, Any]]]


@require_http_methods(["GET", "POST"])
@staff_page(RESPOND)
def explain(request: HttpRequest, card_id: int) -> HttpResponse:
    """反馈: a reason that the applicant will read."""
    whole = found_card(request, card_id)
    request.actor.require(RESPOND, organ_id=whole.card.organ_id)  # type: ignore[attr-defined]

    def act(at: datetime) -> None:
        acting.explain(
            card_id=card_id,
            reason=request.POST.get("reason", ""),
            actor=request.actor,  # type: ignore[attr-defined]
            at=at,
        )

    page = _Form("反馈超期原因", "公开这段原因", "已公开,申请人在办件页上可以看到。", _reason_field)
    return page.answer(request, whole, act)


@require_http_methods(["GET", "POST"])
@staff_page(RESPOND)
def appeal(request: HttpRequest, card_id: int) -> HttpResponse:
    """申诉, with a file where there is one."""
    whole = found_card(request, card_id)
    request.actor.require(RESPOND, organ_id=whole.card.organ_id)  # type: ignore[attr-defined]

    def act(at: datetime) -> None:
        acting.appeal(
            card_id=card_id,
            cause=request.POST.get("cause", ""),
            text=request.POST.get("text", ""),
            actor=request.actor,  # type: ignore[attr-defined]
            at=at,
            file=_upload(request),
        )

    page = _Form("申诉", "提出申诉", "申诉已提出,监察人员会在 3 个工作日内裁定。", _appeal_fields)
    if request.method == "GET":
        page.closed = acting.why_no_appeal(whole.card, request.at)  # type: ignore[attr-defined]
    return page.answer(request, whole, act)


@require_http_methods(["GET", "POST"])
@staff_page(WATCH)
def decide(request: HttpRequest, card_id: int) -> HttpResponse:
    """裁定: withdraw or uphold, with the reason."""
    whole = found_card(request, card_id)
    actor = request.actor  # type: ignore[attr-defined]
    if not may_decide(actor, whole.card):
        raise AccessDeniedError(why_not_decide(actor, whole.card))

    def act(at: datetime) -> None:
        choice = request.POST.get("choice", "")
        if choice not in (GRANT, UPHOLD):
            raise InvalidActError({"choice": "请选择撤销还是维持。"})
        acting.decide_appeal(
            card_id=card_id,
            is_granted=choice == GRANT,
            reason=request.POST.get("reason", ""),
            actor=actor,
            at=at,
        )

    page = _Form("裁定申诉", "作出裁定", "裁定已记录。", _decision_fields)
    if whole.card.state != CardState.APPEALED.value and request.method == "GET":
        page.closed = "这张卡没有等待裁定的申诉。"
    return page.answer(request, whole, act)


class _Form:
    """One form on a card: shown, tried, shown again with what was typed and what to mend."""

    def __init__(self, title: str, button: str, done: str, fields: Fields) -> None:
        self.title, self.button, self.done, self.fields = title, button, done, fields
        self.closed = ""

    def answer(
        self, request: HttpRequest, whole: WholeCard, act: Callable[[datetime], None]
    ) -> HttpResponse:
        if request.method != "POST":
            return self._page(request, whole, {}, 200)
        try:
            act(request.at)  # type: ignore[attr-defined]
        except InvalidActError as error:
            return self._page(request, whole, error.fields, 422)
        except FileRefusedError as error:
            return self._page(request, whole, {"file": str(error)}, 422)
        except NotNowError as error:
            self.closed = error.message
            return self._page(request, whole, {}, 409)
        messages.success(request, self.done)
        return see_other(f"/cards/{whole.card.pk}/")

    def _page(
        self, request: HttpRequest, whole: WholeCard, problems: dict[str, str], status: int
    ) -> HttpResponse:
        typed = {name: str(value) for name, value in request.POST.items()}
        fields = self.fields(whole, typed)
        for field in fields:
            field["error"] = problems.get(field["name"], "")
        context = {
            "tabs": tabs(request.actor, ""),  # type: ignore[attr-defined]
            "title": self.title,
            "button": self.button,
            "closed": self.closed,
            "card": whole.card,
            "signal": wording.signal_tag(whole.card.signal),
            "appeal": whole.appeal,
            "cause": AppealCause(whole.appeal.cause).label if whole.appeal else "",
            "fields": fields,
            "errors": errors_of(fields),
            "has_file": any(field.get("kind") == "file" for field in fields),
        }
        return render(request, "supervision/act.html", context, status=status)


def _reason_field(whole: WholeCard, typed: dict[str, str]) -> list[dict[str, Any]]:
    return [
        {
            "name": "reason",
            "label": "为什么没有按时办",
            "kind": "textarea",
            "maxlength": acting.LONGEST,
            "hint": "申请人会在办件页上看到这段话。请写实际原因和现在的进展,不写内部用语。",
            "value": typed.get("reason", whole.card.late_reason),
        }
    ]


def _appeal_fields(whole: WholeCard, typed: dict[str, str]) -> list[dict[str, Any]]:
    return [
        {
            "name": "cause",
            "label": "申诉原因",
            "kind": "radios",
            "options": [
                {"value": c.value, "label": c.label, "selected": typed.get("cause") == c.value}
                for c in AppealCause
            ],
        },
        {
            "name": "text",
            "label": "事实和理由",
            "kind": "textarea",
            "rows": 6,
            "maxlength": 2000,
            "hint": "写明哪天发生了什么、为什么这张卡不应当算。",
            "value": typed.get("text", ""),
        },
        {
            "name": "file",
            "label": "证明材料",
            "kind": "file",
            "is_optional": True,
            "hint": f"例如系统故障通知。{ACCEPTED_WORDS},不超过 {LARGEST // 1048576} MB。",
        },
    ]


def _decision_fields(whole: WholeCard, typed: dict[str, str]) -> list[dict[str, Any]]:
    return [
        {
            "name": "choice",
            "label": "裁定",
            "kind": "radios",
            "options": [
                {
                    "value": value,
                    "label": label,
                    "hint": hint,
                    "selected": typed.get("choice") == value,
                }
                for value, label, hint in (
                    (GRANT, "撤销这张卡", "卡保留并划去,不再计入净数"),
                    (UPHOLD, "维持这张卡", "申诉理由不成立"),
                )
            ],
        },
        {
            "name": "reason",
            "label": "理由",
            "kind": "textarea",
            "maxlength": acting.LONGEST,
            "value": typed.get("reason", ""),
        },
    ]


def _upload(request: HttpRequest) -> tuple[str, bytes] | None:
    """The file handed in; refused by size before it is read. Raises FileRefusedError."""
    file = request.FILES.get("file")
    if file is None:
        return None
    if (file.size or 0) > LARGEST:
        raise FileRefusedError("文件超过 20 MB。请压缩或分开上传。")
    return str(file.name), file.read()
