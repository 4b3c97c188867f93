"""Who asks for ratings, who handles bad ones, and who watches. Nobody rates for an applicant."""

from yiwang.foundation.access import declare

INVITE = declare("ratings.invite", "登记到窗并请申请人评价")
HANDLE = declare("ratings.handle", "办理本单位差评")
APPROVE = declare("ratings.approve", "审批差评整改")
REVIEW = declare("ratings.review", "复核恶意差评与误评")
WATCH = declare("ratings.watch", "查看好差评统计与各单位差评")
