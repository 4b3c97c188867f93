"""Who rules parameters: one administrator proposes, another confirms."""

from yiwang.foundation.access import declare

PROPOSE = declare("parameters.propose", "提出参数调整", duties="SYSTEM")
CONFIRM = declare("parameters.confirm", "确认参数调整", duties="SECURITY")
