"""Who answers, who handles complaints, and who does so where an organ has nobody impartial."""

from yiwang.foundation.access import declare

ANSWER = declare("enquiries.answer", "答复咨询和建议")
HANDLE = declare("enquiries.handle", "处理投诉")
OVERSEE = declare("enquiries.oversee", "督办投诉")
