"""What may be done with people, posts and accounts."""

from yiwang.foundation.access import declare

MANAGE_ACCOUNTS = declare("people.manage_accounts", "管理账号与机构", duties="SYSTEM")
ASSIGN_POSTS = declare("people.assign_posts", "分配岗位与权限", duties="SECURITY")
READ_SECURITY_LOG = declare("people.read_security_log", "查看安全日志", duties="SECURITY AUDIT")
READ_RECORD = declare("people.read_record", "查看与核验操作记录", duties="AUDIT NONE")
UNMASK = declare("people.unmask", "查看完整个人信息")
FIND_PARTY = declare("people.find_party", "查询和登记服务对象")
REGISTER_RELATIONS = declare("people.register_relations", "登记委托、监护和法定代表人")
ENTER_DISHONESTY = declare("people.enter_dishonesty", "录入严重失信名单和修复")
CONFIRM_DISHONESTY = declare("people.confirm_dishonesty", "确认严重失信名单")
MANAGE_CALENDAR = declare("people.manage_calendar", "维护工作日历", duties="SYSTEM")
MANAGE_JOBS = declare("people.manage_jobs", "查看和重试失败任务", duties="SYSTEM")
READ_MESSAGES = declare("people.read_messages", "查看消息发件箱", duties="SYSTEM NONE")
