"""Numbers of the catalogue that a city may rule."""

from __future__ import annotations

from yiwang.kernel.parameters import Declared, Mark

LEAST_CASES, CORRECTION_SHARE = "catalog.quality_least_cases", "catalog.quality_correction_share"
ROOM, SOURCE = "事项目录", "平台默认,没有统一标准"
PARAMETERS = (
    Declared(LEAST_CASES, ROOM, "质量清单:至少收了多少件才看补正", "件", 10, 1, 1000,
             SOURCE, Mark.DEFAULT),
    Declared(CORRECTION_SHARE, ROOM, "质量清单:要求补正的超过百分之几就提示", "%", 30, 1, 99,
             SOURCE, Mark.DEFAULT),
)  # fmt: skip
