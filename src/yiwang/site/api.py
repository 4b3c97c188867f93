"""The API at /api/v1/: every app's operations in one document, every error in one shape."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest
from django.middleware.csrf import get_token
from ninja import Query, Router
from ninja.params import functions as parameter
from pydantic import BaseModel, Field, StringConstraints

from yiwang.apps.cases.api import routers as case_routers
from yiwang.apps.cases.errors import ConflictError, InvalidInputError
from yiwang.apps.catalog.api import router as catalog
from yiwang.apps.certificates.api import router as certificates
from yiwang.apps.certificates.api_acts import router as certificate_acts
from yiwang.apps.certificates.api_making import router as making
from yiwang.apps.certificates.errors import InvalidActError as InvalidCertificateActError
from yiwang.apps.enquiries.api import router as enquiries
from yiwang.apps.enquiries.errors import InvalidActError as InvalidEnquiryError
from yiwang.apps.hall.api import router as hall
from yiwang.apps.hall.api_serving import router as hall_serving
from yiwang.apps.hall.errors import InvalidActError as InvalidHallActError
from yiwang.apps.oversight.api import router as oversight
from yiwang.apps.oversight.errors import InvalidActError as InvalidCheckError
from yiwang.apps.partners.api import router as partners
from yiwang.apps.partners.clients import ClientError, ClientNotFoundError
from yiwang.apps.partners.domain.scopes import SCOPES, scopes_of_operations
from yiwang.apps.people.api import router as authorisations
from yiwang.apps.people.public import (
    AuthorityError,
    AuthorityNotFoundError,
    Hall,
    InvalidPartyError,
    InvalidTermsError,
    Party,
)
from yiwang.apps.ratings.api import router as ratings
from yiwang.apps.ratings.api_handling import router as bad_ratings
from yiwang.apps.ratings.errors import (
    AlreadyRatedError,
    NotTheApplicantError,
    RatingError,
    RatingNotFoundError,
    UnknownTokenError,
)
from yiwang.apps.ratings.errors import InvalidActError as InvalidHandlingError
from yiwang.apps.supervision import errors as supervision_errors
from yiwang.apps.supervision.api import router as supervision
from yiwang.foundation.api.application import Api
from yiwang.foundation.api.auth import caller
from yiwang.foundation.api.bounds import Day
from yiwang.foundation.api.declaring import endpoint
from yiwang.foundation.api.problem import ProblemError, kind_of
from yiwang.foundation.calendars.current import calendar
from yiwang.kernel.calendar import OutOfCalendarError
from yiwang.kernel.clock import Limit, Pause, Reckoning, deadline, explain
from yiwang.kernel.moment import BEIJING, civil_date
from yiwang.site.middleware import status_of

router = Router(tags=["通用"])
LimitText = Annotated[
    str,
    StringConstraints(pattern=r"^([0-9]{1,3}(wd|d|wh|h)|[0-9]{1,2}mon|[0-9]{1,4}min)$"),
    Field(description="期限:5wd 工作日、60d 自然日、3mon 月、8wh 工作小时、24h 小时、30min 分钟"),
]
Span = Annotated[
    str,
    StringConstraints(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}\.\.([0-9]{4}-[0-9]{2}-[0-9]{2})?$"),
]

ClockTime = Annotated[str, StringConstraints(pattern=r"^(([01][0-9]|2[0-3]):[0-5][0-9])?$")]
TIME: Any = parameter.Query("", description="起算时刻 09:30;以小时或分钟计的期限需要")
STOPS: Any = parameter.Query(
    [], max_length=10, description="停止计时 2026-03-04..2026-03-10;没有结束的写 2026-03-04.."
)


class PostOut(BaseModel):
    post: str
    organ: str
    is_deputy: bool
    permissions: list[str]


class PartyOut(BaseModel):
    id: int
    label: str


class SessionOut(BaseModel):
    """Who is signed in, for whom they may apply, and the token every change needs."""

    is_signed_in: bool
    label: str
    parties: list[PartyOut]
    posts: list[PostOut]
    csrf_token: str


class HallOut(BaseModel):
    slug: str
    name: str
    address: str
    hours: str


class DeadlineDay(BaseModel):
    on: date
    mark: str
    ordinal: int | None
    reason: str
    article: str


class DeadlineOut(BaseModel):
    """A due day with the reason for every day; None while a stop is open."""

    due_on: date | None
    due_at: datetime | None
    limit: str
    is_provisional: bool
    days: list[DeadlineDay]


@endpoint(router, "GET", "/session", answers=SessionOut, summary="当前登录", is_public=True)
def read_session(request: HttpRequest) -> SessionOut:
    """Signing in is a page's; here is whom it signed in."""
    actor, _ = caller(request)
    own = {actor.party_id, *actor.represents, *actor.principals()} if actor.party_id else set()
    parties = Party.objects.filter(pk__in=own).order_by("id") if own else []
    return SessionOut(
        is_signed_in=actor.ref != "anonymous",
        label=actor.label,
        parties=[PartyOut(id=party.pk, label=party.label) for party in parties],
        posts=[
            PostOut(
                post=posting.post_label,
                organ=posting.organ_label,
                is_deputy=posting.is_deputy,
                permissions=sorted(posting.permissions),
            )
            for posting in actor.postings
        ],
        csrf_token=get_token(request),
    )


@endpoint(router, "GET", "/halls", answers=list[HallOut], summary="政务服务大厅", is_public=True)
def list_halls(request: HttpRequest) -> list[HallOut]:
    return [
        HallOut(slug=hall.slug, name=hall.name, address=hall.address, hours=hall.hours)
        for hall in Hall.objects.filter(valid_until__isnull=True).order_by("id")
    ]


@endpoint(router, "GET", "/deadline", answers=DeadlineOut, summary="期限计算", is_public=True)
def reckon_deadline(
    request: HttpRequest,
    start: Query[Day],
    limit: Query[LimitText],
    time: ClockTime = TIME,
    pause: list[Span] = STOPS,
) -> DeadlineOut:
    """A legal limit from its start event's day, by this city's calendar. Reads nothing else."""
    try:
        reckoning, stops = _reckoned(start, limit, time, pause)
        opened = [civil_date(stop.started) for stop in stops if stop.ended is None]
        lines = explain(reckoning, calendar(), stops, until=max(opened, default=None))
    except ValueError as error:
        raise InvalidInputError({"limit": str(error)}) from error
    return DeadlineOut(
        due_on=reckoning.due_on,
        due_at=reckoning.due_at,
        limit=reckoning.limit.label,
        is_provisional=reckoning.is_provisional,
        days=[
            DeadlineDay(
                on=line.on,
                mark=line.mark.value,
                ordinal=line.ordinal,
                reason=line.reason,
                article=line.article,
            )
            for line in lines
        ],
    )


def _reckoned(
    start: date, limit: str, time: str, pauses: list[str]
) -> tuple[Reckoning, list[Pause]]:
    """Raises ValueError in Chinese, InvalidInputError for a stop that is none."""
    wanted, stops = Limit.parse(limit), [_stop(text) for text in pauses]
    started: date | datetime = start
    if not wanted.unit.is_daily:
        if not time:
            raise InvalidInputError({"time": "以小时或分钟计的期限,请填写起算时刻,例如 09:30。"})
        started = datetime.fromisoformat(f"{start.isoformat()}T{time}").replace(tzinfo=BEIJING)
    return deadline(started, wanted, calendar(), stops), stops


def _stop(text: str) -> Pause:
    begin, _, end = text.partition("..")
    try:
        started, ended = date.fromisoformat(begin), date.fromisoformat(end) if end else None
    except ValueError as error:
        wish = f"{text} 不是两个日期,请写成 2026-03-04..2026-03-10。"
        raise InvalidInputError({"pause": wish}) from error
    if ended is not None and ended < started:
        raise InvalidInputError({"pause": f"{text} 的结束早于开始。"})
    return Pause(started, ended, ground="停止计时", article="行政许可法 §45")


def _of_partners(error: Exception) -> ProblemError | None:
    """What a subscription's operations refuse; None for everything else."""
    match error:
        case ClientNotFoundError():
            return ProblemError("not-found", "没有找到这个订阅。")
        case ClientError():
            if error.fields:
                return ProblemError("invalid-input", error.message, fields=error.fields)
            return ProblemError("not-now", error.message)
    return None


def _of_ratings(error: Exception) -> ProblemError | None:
    """What ratings refuse; None for everything else."""
    text = str(getattr(error, "message", ""))
    match error:
        case InvalidHandlingError():
            return ProblemError("invalid-input", text, fields=error.fields)
        case NotTheApplicantError():
            return ProblemError("no-permission", text)
        case UnknownTokenError() | RatingNotFoundError():
            return ProblemError("not-found", text)
        case AlreadyRatedError():
            return ProblemError("not-now", text)
        case RatingError():
            return ProblemError("invalid-input", text)
    return None


def foreseen(error: Exception) -> ProblemError | None:
    """The problem that an exception of the domain is; None for one nobody foresaw."""
    text = str(getattr(error, "message", "") or error)
    match error:
        case (
            InvalidInputError()
            | InvalidCertificateActError()
            | InvalidCheckError()
            | InvalidEnquiryError()
            | InvalidHallActError()
            | InvalidTermsError()
        ):
            return ProblemError("invalid-input", text, fields=error.fields)
        case InvalidPartyError():
            return ProblemError("invalid-input", text, fields={error.field: text})
        case ConflictError():
            return ProblemError("conflict", text)
        case AuthorityNotFoundError():
            return ProblemError("not-found", text)
        case AuthorityError():
            return ProblemError("not-now", text)
        case supervision_errors.InvalidActError():
            return ProblemError("invalid-input", text, fields=error.fields)
        case supervision_errors.CardNotFoundError():
            return ProblemError("not-found", text)
        case supervision_errors.SupervisionError():
            return ProblemError("not-now", text)
        case OutOfCalendarError():
            return ProblemError("invalid-input", text)
    status = status_of(error)
    return ProblemError(kind_of(status), text) if status is not None else None


api = Api(
    title="一网 Yiwang API",
    version="1.0.0",
    description="政务服务一网通办:每个法定行为一个操作,一个操作读一个办件全貌。",
    urls_namespace="api",
    foreseen=lambda error: _of_partners(error) or _of_ratings(error) or foreseen(error),
    opened_by=scopes_of_operations(),
    # Scopes to sign people in open no operation here: they are for /oidc alone.
    scopes={scope.code: scope.label for scope in SCOPES.values() if scope.operations},
)
for part in (
    router,
    authorisations,
    catalog,
    *case_routers(),
    certificates,
    certificate_acts,
    making,
    ratings,
    enquiries,
    hall,
    hall_serving,
    bad_ratings,
    oversight,
    supervision,
    partners,
):
    api.add_router("", part)

app_name = "api"
urlpatterns = api.routes()
