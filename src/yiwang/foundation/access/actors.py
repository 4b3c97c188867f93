"""The person (or the platform) behind an act, as operations see them."""

from __future__ import annotations

from dataclasses import dataclass

from yiwang.foundation.access.permissions import Permission


class AccessDeniedError(Exception):
    """This actor may not do this; the message says who may or what to do, in Chinese."""

    def __init__(self, message: str = "您没有办理这件事的权限。") -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True, slots=True)
class Posting:
    """One post an actor holds now. A deputy (B角) appears here only while the holder is absent.

    `package` holds the item codes a comprehensive window takes in, whichever organ decides them.
    """

    post_id: int
    post_label: str
    role_code: str
    permissions: frozenset[str]
    organ_id: int | None
    organ_label: str
    area_code: str
    hall_id: int | None
    is_deputy: bool = False
    window_id: int | None = None
    package: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Actor:
    """`ref` goes into the record (`account:12`, `system:timer`); it is never a name.

    `represents` are the parties (organisations) this person may act for today.
    """

    ref: str
    label: str
    account_id: int | None = None
    party_id: int | None = None
    is_staff: bool = False
    postings: tuple[Posting, ...] = ()
    is_system: bool = False
    represents: frozenset[int] = frozenset()

    def acts_for(self, *party_ids: int | None) -> bool:
        """True for one's own party and for the organisations one represents today."""
        own = self.represents | {self.party_id} if self.party_id is not None else frozenset()
        return any(party_id is not None and party_id in own for party_id in party_ids)

    def may(self, permission: Permission, *, organ_id: int | None = None) -> bool:
        """True where a post of this actor carries the permission (and belongs to the organ)."""
        if self.is_system:
            return True
        return any(
            permission.code in posting.permissions
            and (organ_id is None or posting.organ_id == organ_id)
            for posting in self.postings
        )

    def require(self, permission: Permission, *, organ_id: int | None = None) -> None:
        """Raises AccessDeniedError where `may` is false."""
        if not self.may(permission, organ_id=organ_id):
            raise AccessDeniedError(
                f"您的岗位没有「{permission.label}」的权限;如需办理,请与本单位系统管理员联系。"
            )

    def organ_ids(self, permission: Permission) -> list[int]:
        """Organs in which this actor holds the permission, in a stable order."""
        return sorted(
            {
                posting.organ_id
                for posting in self.postings
                if posting.organ_id is not None and permission.code in posting.permissions
            }
        )

    def hall_ids(self, permission: Permission) -> list[int]:
        return sorted(
            {
                posting.hall_id
                for posting in self.postings
                if posting.hall_id is not None and permission.code in posting.permissions
            }
        )


def system_actor(name: str) -> Actor:
    """The platform itself, by the name of the mechanism that acts: `system:timer`."""
    return Actor(ref=f"system:{name}", label="系统自动", is_system=True)
