"""Who checks what an applicant promised."""

from yiwang.foundation.access import declare

CHECK = declare("oversight.check", "核查告知承诺")
SAMPLE = declare("oversight.sample", "抽查办件")
ANSWER = declare("oversight.answer", "答复抽查问题")
