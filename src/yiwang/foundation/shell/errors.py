"""The words of the error pages: what happened, what was kept, what to do."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ErrorWords:
    """One error page; every text is a whole sentence addressed to the reader (您)."""

    title: str
    happened: str
    kept: str
    to_do: str


_WORDS = {
    400: ErrorWords(
        "这次请求我们没有看懂",
        "网址或表单里有缺少、多出或写法不对的内容,系统没有处理它。",
        "没有任何内容被更改,已保存的草稿都在。",
        "请返回上一页刷新后再试一次;若是从别处点来的链接,请从首页重新进入。",
    ),
    403: ErrorWords(
        "这一页您现在不能打开",
        "您的登录身份没有查看这一页的权限,或者页面停留太久、登录已经过期。",
        "没有任何内容被更改,已保存的草稿都在。",
        "请重新登录后再试;若您认为应当能看到,请联系工作人员。",
    ),
    404: ErrorWords(
        "没有找到这一页",
        "网址可能写错了,或者这一页已经移走。",
        "您的办件和草稿不受影响。",
        "请检查网址,或从首页搜索您要办的事。",
    ),
    409: ErrorWords(
        "刚刚有人改过这份内容",
        "在您打开它之后,另一个人或另一个窗口已经更改了它,为避免互相覆盖,这次没有写入。",
        "对方的更改已经生效;您填写的内容没有写入,返回上一页仍可看到。",
        "请返回上一页,复制需要保留的内容,刷新后再做一次。",
    ),
    429: ErrorWords(
        "操作太频繁,请稍等一下",
        "短时间内的请求太多,系统暂时停止接收,以保证大家都能使用。",
        "没有任何内容被更改,已保存的草稿都在。",
        "请等一分钟后再试。",
    ),
    500: ErrorWords(
        "系统出了问题,不是您的原因",
        "处理您的请求时系统出了错误,这次操作没有完成,问题已经记录下来。",
        "在此之前保存的内容都在;这次操作没有写入一半的情况。",
        "请过几分钟再试;着急办理可以拨打服务热线或到大厅窗口。",
    ),
}


def words_for(status: int) -> ErrorWords:
    """Return the words of an HTTP status; an unlisted one falls back to its class, 400 or 500."""
    return _WORDS.get(status) or _WORDS[500 if status >= 500 else 400]
