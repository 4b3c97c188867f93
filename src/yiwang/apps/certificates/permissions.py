"""Who may look into the certificate base."""

from yiwang.foundation.access import declare

CHECK = declare("certificates.check", "核验证照")
