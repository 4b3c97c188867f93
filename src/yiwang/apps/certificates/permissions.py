"""Who may look into the certificate base, and who of the issuing organ may change a certificate."""

from yiwang.foundation.access import declare

CHECK = declare("certificates.check", "核验证照")
PROPOSE = declare("certificates.propose", "告知拟撤销证照")
REVOKE = declare("certificates.revoke", "撤销证照")
CANCEL = declare("certificates.cancel", "注销和补发证照")
MAKE = declare("certificates.make", "制证和空白证照")
NOTE_OUTAGE = declare("certificates.note_outage", "登记数据源中断", duties="SYSTEM")
LEDGER = declare("certificates.ledger", "查看发证台账")
