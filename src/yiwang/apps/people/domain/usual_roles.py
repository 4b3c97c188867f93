"""The ordinary roles a city begins with: what a window, an organ and a supervisor usually need.

They are offered to the security administrator, who may change them before and after registering;
nothing gives them to anybody. Permissions are named by their codes: other rooms declare them.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class UsualRole:
    """`code` and `name` of the role to be; `purpose` says in one sentence what its people do."""

    code: str
    name: str
    purpose: str
    permissions: tuple[str, ...]


USUAL_ROLES: tuple[UsualRole, ...] = (
    UsualRole(
        "window_clerk",
        "窗口人员",
        "在大厅窗口收件、受理、告知补正、发放结果,为群众帮办代办。",
        ("cases.receive", "cases.accept", "cases.help", "cases.call_back", "hall.book",
         "hall.serve", "cases.deliver", "people.find_party", "people.register_relations",
         "people.unmask", "certificates.check", "ratings.invite", "certificates.ledger"),
    ),
    # 统一受理、分类审批、统一出件: who prints neither takes in nor decides.
    UsualRole(
        "maker",
        "制证发证人员",
        "管理空白证照,打印、作废、入库证照,不收件也不审批。",
        ("certificates.make", "certificates.ledger", "people.unmask"),
    ),
    UsualRole(
        "reviewer",
        "审查人员",
        "审查本单位的办件、现场核查,答复咨询投诉,核查告知承诺。",
        ("cases.review", "cases.keep_templates", "cases.pause", "cases.read_organ",
         "certificates.propose", "oversight.check", "enquiries.answer", "enquiries.handle",
         "people.unmask"),
    ),
    UsualRole(
        "approver",
        "审批人员",
        "对本单位的办件作出决定、批准延长期限,撤销和注销证照。",
        ("cases.review", "cases.keep_templates", "cases.decide", "cases.extend", "cases.pause",
         "cases.read_organ", "certificates.propose", "certificates.revoke", "certificates.cancel",
         "enquiries.answer", "enquiries.handle", "people.unmask", "ratings.approve"),
    ),
    # Who is in charge of a hall: approves what its windows put right after a bad rating.
    UsualRole(
        "hall_manager",
        "大厅负责人",
        "查看大厅进驻和一窗受理,安排帮办专区,审批窗口差评的整改。",
        ("ratings.approve", "cases.watch_halls", "hall.keep", "hall.audit"),
    ),
    # Who checks afterwards what an applicant promised, at organs that supervise and do not permit.
    UsualRole(
        "inspector",
        "监管核查人员",
        "在只监管、不审批的单位,事后核查申请人的告知承诺。",
        ("oversight.check", "people.unmask"),
    ),
    UsualRole("catalog_editor", "目录编辑", "编写和修改事项,提交审核。", ("catalog.edit",)),
    UsualRole(
        "catalog_publisher",
        "目录发布",
        "审核别人编写的事项并发布。",
        ("catalog.edit", "catalog.publish"),
    ),
    UsualRole(
        "supervisor",
        "效能监督员",
        "监督各单位的办件、差评、投诉和绿色通道,抽查办件,维护监察规则,确认失信名单。",
        ("people.confirm_dishonesty", "cases.supervise", "cases.watch_halls", "enquiries.oversee",
         "oversight.sample", "supervision.watch", "supervision.keep_rules", "people.read_record",
         "people.read_messages", "ratings.watch", "ratings.review", "hall.audit"),
    ),
    UsualRole(
        "unit_liaison",
        "监察联络员",
        "代表本单位反馈监察、差评、投诉和抽查,管理办件档案,录入失信名单。",
        ("people.enter_dishonesty", "supervision.respond", "enquiries.handle", "oversight.answer",
         "cases.read_organ", "people.unmask", "archives.keep", "ratings.handle"),
    ),
)  # fmt: skip


def usual_role(code: str) -> UsualRole | None:
    """The usual role of a code, None where there is none."""
    return next((one for one in USUAL_ROLES if one.code == code), None)
