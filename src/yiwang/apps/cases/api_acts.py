"""Acts between receipt and acceptance, and the applicant's own: check, correct, accept, refer."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Router
from ninja.files import UploadedFile
from ninja.params import functions as parameter
from pydantic import Field, StringConstraints

from yiwang.apps.cases.api_bodies import (
    CheckOriginals,
    DeliverAtWindow,
    RequestCorrection,
    Seen,
    Tick,
    Withdraw,
    WithReason,
)
from yiwang.apps.cases.api_schemas import CaseBrief
from yiwang.apps.cases.api_telling import brief
from yiwang.apps.cases.operations import delivering, ending, held, originals, receiving
from yiwang.apps.cases.queries import visible_case
from yiwang.foundation.api.auth import caller
from yiwang.foundation.api.bounds import NO_NUL, Answers, Code, Id
from yiwang.foundation.api.declaring import endpoint
from yiwang.foundation.api.parsing import content_of, json_field, only
from yiwang.foundation.api.problem import ProblemError

router = Router(tags=["收件与受理"])
VersionText = Annotated[int, Field(ge=0, le=2**31 - 1)]
JsonText = Annotated[str, StringConstraints(max_length=20_000, pattern=NO_NUL)]
VERSION: Any = parameter.Form(..., description="您看到的版本号")
FORM: Any = parameter.Form("", description="完整的表单答案(JSON 对象);不改表单则不填")
CODES: Any = parameter.Form([], max_length=30, description="与 file 按顺序一一对应的材料代码")
PAPER: Any = parameter.Form([], max_length=100, description="在窗口交了纸质件的材料代码")
FILES: Any = parameter.File([], max_length=30, description="PDF、JPG、PNG、HEIC 或 TIFF,最大 20 MB")
ALSO = (404, 409)


def visible(request: HttpRequest, case_id: int) -> dict[str, Any]:
    """What every operation is called with. The operation itself answers 404 for a case this
    caller may not see, before anything else that is wrong: an act tells nobody that a case
    exists."""
    actor, at = caller(request)
    return {"case_id": case_id, "actor": actor, "at": at}


@endpoint(
    router,
    "POST",
    "/cases/{case_id}/materials/{code}/open",
    answers=CaseBrief,
    summary="打开材料",
    also=ALSO,
)
def open_material(request: HttpRequest, case_id: Id, code: Code) -> CaseBrief:
    """Note that this clerk opened the file (or has the paper in hand): ticks are bound to it."""
    who = visible(request, case_id)
    receiving.open_material(code=code, **who)
    return brief(visible_case(case_id, actor=who["actor"]))


@endpoint(
    router,
    "POST",
    "/cases/{case_id}/materials/{code}/tick",
    answers=CaseBrief,
    summary="核对材料",
    also=ALSO,
)
def tick(request: HttpRequest, case_id: Id, code: Code, body: Tick) -> CaseBrief:
    """Tick points of a material this clerk has opened; there is no select-all."""
    who = visible(request, case_id)
    return brief(
        receiving.tick(
            code=code, points=body.points, problem=body.problem, version=body.version, **who
        )
    )


@endpoint(
    router,
    "POST",
    "/cases/{case_id}/materials/{code}/receive-paper",
    answers=CaseBrief,
    summary="收纸质材料",
    also=ALSO,
)
def receive_paper(request: HttpRequest, case_id: Id, code: Code, body: Seen) -> CaseBrief:
    who = visible(request, case_id)
    return brief(receiving.receive_paper(code=code, version=body.version, **who))


@endpoint(
    router,
    "POST",
    "/cases/{case_id}/materials/{code}/use-held",
    answers=CaseBrief,
    summary="取用已有证照",
    also=ALSO,
)
def use_held(request: HttpRequest, case_id: Id, code: Code, body: Seen) -> CaseBrief:
    """Take it from the certificate base instead of asking for it (在线政务服务若干规定 §7)."""
    who = visible(request, case_id)
    return brief(held.use_held(code=code, version=body.version, **who))


@endpoint(
    router,
    "POST",
    "/cases/{case_id}/check-originals",
    answers=CaseBrief,
    summary="现场核验原件",
    also=ALSO,
)
def check_originals(request: HttpRequest, case_id: Id, body: CheckOriginals) -> CaseBrief:
    """先审后验: what was brought, held against what was uploaded; the others stay due."""
    seen = {one.material: originals.Seen(one.is_match, one.note) for one in body.originals}
    who = visible(request, case_id)
    return brief(originals.check_originals(seen=seen, version=body.version, **who))


@endpoint(
    router,
    "POST",
    "/cases/{case_id}/correct-on-spot",
    answers=CaseBrief,
    summary="当场更正",
    also=ALSO,
)
def correct_on_spot(
    request: HttpRequest,
    case_id: Id,
    version: VersionText = VERSION,
    form: JsonText = FORM,
    material: list[Code] = CODES,
    file: list[UploadedFile] = FILES,
) -> CaseBrief:
    """What can be put right on the spot is put right on the spot (行政许可法 §32(3))."""
    only(request, "version", "form", "material", "file")
    return brief(
        receiving.correct_on_spot(
            form=json_field(form, "form", Answers) if form else None,
            files=posted_files(material, file),
            version=version,
            **visible(request, case_id),
        )
    )


@endpoint(
    router,
    "POST",
    "/cases/{case_id}/request-correction",
    answers=CaseBrief,
    summary="告知补正",
    also=ALSO,
)
def request_correction(request: HttpRequest, case_id: Id, body: RequestCorrection) -> CaseBrief:
    """Once, in writing, all contents (行政许可法 §32(4))."""
    items = [(line.what, line.why) for line in body.items]
    who = visible(request, case_id)
    return brief(receiving.request_correction(items=items, version=body.version, **who))


@endpoint(
    router,
    "POST",
    "/cases/{case_id}/supply-correction",
    answers=CaseBrief,
    summary="提交补正",
    also=ALSO,
)
def supply_correction(
    request: HttpRequest,
    case_id: Id,
    version: VersionText = VERSION,
    form: JsonText = FORM,
    paper: list[Code] = PAPER,
    material: list[Code] = CODES,
    file: list[UploadedFile] = FILES,
) -> CaseBrief:
    """The applicant, or a window for them, answers; the receipt clock runs anew."""
    only(request, "version", "form", "paper", "material", "file")
    return brief(
        receiving.supply_correction(
            form=json_field(form, "form", Answers) if form else None,
            files=posted_files(material, file),
            paper=paper,
            version=version,
            **visible(request, case_id),
        )
    )


def posted_files(codes: list[str], files: list[UploadedFile]) -> dict[str, tuple[str, bytes]]:
    """Material code → (name, content). Raises ProblemError."""
    if len(codes) != len(files) or len(set(codes)) != len(codes):
        raise ProblemError(
            "invalid-input",
            "有内容需要修改。",
            fields={"material": "请为每个 file 按顺序写一个 material,每份材料一个文件。"},
        )
    pairs = zip(codes, files, strict=True)
    return {code: (file.name or "文件", content_of(file)) for code, file in pairs}


@endpoint(router, "POST", "/cases/{case_id}/accept", answers=CaseBrief, summary="受理", also=ALSO)
def accept(request: HttpRequest, case_id: Id, body: Seen) -> CaseBrief:
    """Every required material there with its points ticked, or 422 with what is open."""
    return brief(receiving.accept(version=body.version, **visible(request, case_id)))


@endpoint(
    router,
    "POST",
    "/cases/{case_id}/refer",
    answers=CaseBrief,
    summary="提请审批办认定",
    also=ALSO,
)
def refer(request: HttpRequest, case_id: Id, body: WithReason) -> CaseBrief:
    """A window that doubts asks the approver; it does not refuse."""
    who = visible(request, case_id)
    return brief(receiving.refer(reason=body.reason, version=body.version, **who))


@endpoint(
    router,
    "POST",
    "/cases/{case_id}/deliver-at-window",
    answers=CaseBrief,
    summary="窗口发放",
    also=ALSO,
)
def deliver_at_window(request: HttpRequest, case_id: Id, body: DeliverAtWindow) -> CaseBrief:
    """Hand the result to whoever names the pick-up code."""
    who = visible(request, case_id)
    return brief(delivering.deliver_at_window(code=body.code, version=body.version, **who))


@endpoint(
    router,
    "POST",
    "/cases/{case_id}/deliver-online",
    answers=CaseBrief,
    summary="网上签收",
    also=ALSO,
)
def deliver_online(request: HttpRequest, case_id: Id, body: Seen) -> CaseBrief:
    """The applicant signs for the result, where the item delivers online."""
    return brief(delivering.deliver_online(version=body.version, **visible(request, case_id)))


@endpoint(
    router, "POST", "/cases/{case_id}/withdraw", answers=CaseBrief, summary="撤回申请", also=ALSO
)
def withdraw(request: HttpRequest, case_id: Id, body: Withdraw) -> CaseBrief:
    """The applicant's own wish, any time before the decision."""
    who = visible(request, case_id)
    return brief(ending.withdraw(reason=body.reason, version=body.version, **who))
