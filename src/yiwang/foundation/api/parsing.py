"""Reading bodies: the right content type, JSON that is JSON, texts that can be stored."""

from __future__ import annotations

import json
from typing import Any, NoReturn

from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict
from ninja.files import UploadedFile
from ninja.parser import Parser
from pydantic import TypeAdapter, ValidationError

from yiwang.foundation.api.bounds import storable
from yiwang.foundation.api.messages import fields_of
from yiwang.foundation.api.problem import ProblemError
from yiwang.foundation.files.storing import LARGEST


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} 不是 JSON")


class StrictParser(Parser):
    """The parser of all operations. What it raises, `Api` turns into a problem."""

    def parse_body(self, request: HttpRequest) -> Any:
        """Raises ProblemError: 415, 400 for what is not JSON, 422 for a text with NUL."""
        if request.content_type != "application/json":
            raise ProblemError(
                "unsupported-media-type", "这个操作的内容要用 application/json 提交。"
            )
        try:
            data = json.loads(request.body, parse_constant=_refuse_constant)
            unstorable = storable(data)
        except (ValueError, RecursionError) as error:
            raise ProblemError(
                "malformed-request", "提交的内容不是有效的 JSON,请检查引号、逗号和编码。"
            ) from error
        if unstorable is not None:
            raise ProblemError(
                "invalid-input",
                "内容里有不能保存的字符,请去掉后再提交。",
                fields={unstorable or "body": "有不能保存的字符(NUL 或不完整的字符),请去掉。"},
            )
        return data

    def parse_querydict(
        self, data: MultiValueDict, list_fields: list[str], request: HttpRequest
    ) -> Any:
        is_form = data is request.POST or data is request.FILES
        if is_form and request.content_type != "multipart/form-data":
            raise ProblemError(
                "unsupported-media-type", "这个操作的内容要用 multipart/form-data 提交。"
            )
        return super().parse_querydict(data, list_fields, request)


def json_field(text: str, name: str, shape: Any) -> Any:
    """A field of a multipart form that carries JSON of this shape. Raises ProblemError (422)."""
    try:
        data = json.loads(text, parse_constant=_refuse_constant)
        if storable(data) is None:
            return TypeAdapter(shape).validate_python(data)
        fields = {name: "有不能保存的字符,请去掉。"}
    except ValidationError as error:
        fields = {
            f"{name}.{field}": text
            for field, text in fields_of([dict(e) for e in error.errors()]).items()
        }
    except (ValueError, RecursionError):
        fields = {name: "请填写有效的 JSON 对象。"}
    raise ProblemError("invalid-input", "有内容需要修改,请看 fields。", fields=fields)


def only(request: HttpRequest, *names: str) -> None:
    """A multipart form has no other fields than these. Raises ProblemError (422)."""
    extra = sorted({*request.POST, *request.FILES} - set(names))
    if extra:
        raise ProblemError(
            "invalid-input",
            "有内容需要修改,请看 fields。",
            fields={name[:60] or "body": "没有这一项,请去掉。" for name in extra[:20]},
        )


def content_of(file: UploadedFile) -> bytes:
    """The content of an upload; refused by size before it is read into memory."""
    if (file.size or 0) > LARGEST:
        raise ProblemError("too-large", "文件超过 20 MB。请压缩或分开上传。")
    return bytes(file.read())
