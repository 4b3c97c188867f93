"""Two of the three administrators are needed for a client; either alone can stop it."""

from yiwang.foundation.access import declare

PROPOSE = declare("partners.propose", "登记接入系统", duties="SECURITY")
CONFIRM = declare("partners.confirm", "确认接入系统", duties="SYSTEM")
