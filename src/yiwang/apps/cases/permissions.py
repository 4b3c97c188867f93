"""Who may do what with a case."""

from yiwang.foundation.access import declare

APPLY = declare("cases.apply", "申请办理", duties="")
RECEIVE = declare("cases.receive", "窗口收件")
ACCEPT = declare("cases.accept", "受理与告知补正")
REVIEW = declare("cases.review", "审查")
PAUSE = declare("cases.pause", "停止与恢复计时")
DECIDE = declare("cases.decide", "作出决定")
EXTEND = declare("cases.extend", "批准延长期限")
DELIVER = declare("cases.deliver", "发放结果")
SUPERVISE = declare("cases.supervise", "监督办件")
HELP = declare("cases.help", "登记帮办代办")
CALL_BACK = declare("cases.call_back", "回访帮办对象")
READ_ORGAN = declare("cases.read_organ", "查看本单位办件")
WATCH_HALLS = declare("cases.watch_halls", "查看进驻和一窗受理")
KEEP_TEMPLATES = declare("cases.keep_templates", "维护本单位意见模板")

JOBS = {"review": REVIEW, "site_check": REVIEW, "decide": DECIDE}
