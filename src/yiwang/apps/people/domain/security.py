"""What the security log tells of: the only kinds of event that can be noted."""

from __future__ import annotations

SECURITY_KINDS = {
    "SIGNED_IN": "登录",
    "SIGN_IN_FAILED": "密码或口令不对",
    "SIGN_IN_UNKNOWN": "登录名不存在",
    "SIGN_IN_WHILE_LOCKED": "锁定期间尝试登录",
    "LOCKED": "账号锁定",
    "UNLOCKED": "解除锁定",
    "SECOND_FACTOR_SET": "设置动态口令",
    "SECOND_FACTOR_PROVED": "核对动态口令",
    "SECOND_FACTOR_RESET": "重置动态口令",
    "ENABLED": "启用账号",
    "DISABLED": "停用账号",
    "POST_ASSIGNED": "分配岗位",
    "POST_ENDED": "结束岗位",
    "SIGNED_IN_OUTSIDE": "通过外部平台登录",
    "OUTSIDE_REFUSED": "外部平台登录没有核对通过",
    "OUTSIDE_UNKNOWN": "外部平台身份没有对应的账号",
    "IDENTITY_BOUND": "绑定外部平台身份",
    "IDENTITY_REMOVED": "解除外部平台绑定",
    "SIGNED_IN_ELSEWHERE": "用本平台账号登录其他网站",
    "CONSENT_GIVEN": "同意其他网站登录",
    "CONSENT_ENDED": "撤回其他网站登录",
    "CODE_REPLAYED": "登录授权码被重复使用",
    "ACCOUNT_CREATED": "登记账号",
    "PASSWORD_RENEWED": "发放一次性密码",
    "PASSWORD_CHANGED": "修改密码",
    "ROLE_CHANGED": "调整角色权限",
    "PACKAGE_CHANGED": "调整窗口事项包",
    "DEMO_ENTERED": "演示一键登录",
}
