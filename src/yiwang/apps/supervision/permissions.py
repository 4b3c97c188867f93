"""Who watches, who answers, who keeps the rules."""

from yiwang.foundation.access import declare

WATCH = declare("supervision.watch", "监察与申诉裁定")
RESPOND = declare("supervision.respond", "监察反馈与申诉")
KEEP_RULES = declare("supervision.keep_rules", "维护监察规则")
