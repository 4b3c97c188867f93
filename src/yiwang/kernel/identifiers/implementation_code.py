"""实施编码: the code of a service item as one organ implements it, and the parts inside it.

Thirty-one *characters* (not digits): the organ's 统一社会信用代码 (18), the level at which it is
exercised (1, from 1 to 7), the 基本编码 of the national catalogue (12 = area 2, item type 2,
department 2, main item 3, sub-item 3). Two more characters name a 业务办理项 (33).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from yiwang.kernel.identifiers import uscc
from yiwang.kernel.identifiers.checked import Checked, Finding, MalformedError, fail, require_valid
from yiwang.kernel.identifiers.text import compact, is_alphanumeric, is_digits

CATALOG_LENGTH = 12
LENGTH = uscc.LENGTH + 1 + CATALOG_LENGTH
BUSINESS_ITEM_LENGTH = LENGTH + 2


class ExerciseLevel(StrEnum):
    """行使层级 (GB/T 39046-2020)."""

    NATIONAL = "1"
    PROVINCE = "2"
    CITY = "3"
    COUNTY = "4"
    TOWNSHIP = "5"
    VILLAGE = "6"
    GRADED = "7"

    @property
    def label(self) -> str:
        """The Chinese name."""
        return _LEVEL_LABELS[int(self) - 1]


_LEVEL_LABELS = ("国家级", "省级", "市级", "县级", "镇级", "村级", "分级")

ITEM_TYPES: dict[str, str] = {
    "00": "行政权力",
    "01": "行政许可",
    "02": "行政处罚",
    "03": "行政强制",
    "04": "行政征收",
    "05": "行政给付",
    "06": "行政检查",
    "07": "行政确认",
    "08": "行政奖励",
    "09": "行政裁决",
    "10": "其他行政权力",
    "20": "公共服务",
}


@dataclass(frozen=True, slots=True)
class CatalogCode:
    """基本编码 in its five parts; ``sub_item`` is 000 where the item has none."""

    area: str
    item_type: str
    department: str
    main_item: str
    sub_item: str

    @property
    def text(self) -> str:
        """The twelve characters."""
        return self.area + self.item_type + self.department + self.main_item + self.sub_item


@dataclass(frozen=True, slots=True)
class ImplementationCode:
    """实施编码 in its three parts."""

    organ: str
    level: ExerciseLevel
    catalog: CatalogCode

    @property
    def text(self) -> str:
        """The thirty-one characters."""
        return self.organ + self.level + self.catalog.text


def check_catalog(value: str) -> Checked:
    """Check a 基本编码. Local extensions (types, letters) are warnings: imports must take them."""
    code = compact(value)
    if len(code) != CATALOG_LENGTH or not is_alphanumeric(code):
        return fail(code, "CATALOG", "基本编码应为12位数字或字母，请对照事项目录核对")
    warnings = []
    if not is_digits(code):
        warnings.append(Finding("CATALOG_LETTERS", "基本编码含有字母，应是地方扩展，请核对"))
    if code[2:4] not in ITEM_TYPES:
        warnings.append(
            Finding("ITEM_TYPE", "事项类型不在国家代码表中，应是地方扩展，请确认后使用")
        )
    return Checked(code, warnings=tuple(warnings))


def check(value: str) -> Checked:
    """Check a 实施编码 of 31 characters."""
    code = compact(value)
    if len(code) != LENGTH:
        return fail(code, "LENGTH", f"实施编码应为{LENGTH}位，现在是{len(code)}位，请核对")
    organ = uscc.check(code[: uscc.LENGTH])
    catalog = check_catalog(code[uscc.LENGTH + 1 :])
    errors = [
        Finding(f"ORGAN_{finding.code}", f"实施主体代码有误：{finding.message}")
        for finding in organ.errors
    ]
    if code[uscc.LENGTH] not in set(ExerciseLevel):
        errors.append(Finding("LEVEL", "第19位是行使层级，应为1至7，请核对"))
    return Checked(code, (*errors, *catalog.errors), organ.warnings + catalog.warnings)


def is_valid(value: str) -> bool:
    """Whether the code has no errors."""
    return check(value).is_valid


def parse_catalog(value: str) -> CatalogCode:
    """A 基本编码 in parts. Raises MalformedError."""
    code = require_valid(check_catalog(value))
    return CatalogCode(code[:2], code[2:4], code[4:6], code[6:9], code[9:])


def parse(value: str) -> ImplementationCode:
    """A 实施编码 in parts. Raises MalformedError."""
    code = require_valid(check(value))
    return ImplementationCode(
        organ=code[: uscc.LENGTH],
        level=ExerciseLevel(code[uscc.LENGTH]),
        catalog=parse_catalog(code[uscc.LENGTH + 1 :]),
    )


def compose(*, organ: str, level: ExerciseLevel | str, catalog: CatalogCode | str) -> str:
    """The 31 characters from the parts. Raises MalformedError."""
    tail = catalog.text if isinstance(catalog, CatalogCode) else catalog
    return require_valid(check(f"{organ}{level}{tail}"))


def compose_business_item(implementation_code: str, number: int) -> str:
    """业务办理项编码 (33) from an implementation code and 1 to 99. Raises MalformedError."""
    code = require_valid(check(implementation_code))
    if not 1 <= number <= 99:
        raise MalformedError(fail(code, "BUSINESS_ITEM", "业务办理项序号应为1至99"))
    return f"{code}{number:02d}"


def parse_business_item(value: str) -> tuple[ImplementationCode, str]:
    """The implementation code and the last two characters. Raises MalformedError."""
    code = compact(value)
    if len(code) != BUSINESS_ITEM_LENGTH or not is_alphanumeric(code):
        raise MalformedError(
            fail(code, "LENGTH", f"业务办理项编码应为{BUSINESS_ITEM_LENGTH}位数字或字母，请核对")
        )
    return parse(code[:LENGTH]), code[LENGTH:]
