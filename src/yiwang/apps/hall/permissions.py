"""Who keeps zones and rosters, who books for others, who serves, who looks at the green channel."""

from yiwang.foundation.access import declare

KEEP = declare("hall.keep", "维护帮办专区、值守和优先类别", duties="SYSTEM NONE")
BOOK = declare("hall.book", "代群众预约帮办")
SERVE = declare("hall.serve", "在帮办专区接待")
AUDIT = declare("hall.audit", "查看绿色通道使用情况")
