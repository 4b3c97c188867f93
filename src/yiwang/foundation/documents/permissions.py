"""Who keeps seals and texts of documents: one administrator proposes, another confirms."""

from yiwang.foundation.access import declare

PROPOSE_SEAL = declare("seals.propose", "提出印章变更", duties="SYSTEM")
CONFIRM_SEAL = declare("seals.confirm", "确认印章变更", duties="SECURITY")
PROPOSE_TEXT = declare("templates.propose", "提出文书模板调整", duties="SYSTEM")
CONFIRM_TEXT = declare("templates.confirm", "确认文书模板调整", duties="SECURITY")
