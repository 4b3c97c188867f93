"""Who checks what an applicant promised."""

from yiwang.foundation.access import declare

CHECK = declare("oversight.check", "核查告知承诺")
