"""The person (or the platform) behind an act, as operations see them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

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
class Mandate:
    """What somebody authorised this person to do for them, in force today.

    `items` are item codes; None is 全部事项, which the principal chose knowingly: an empty set
    covers nothing. `acts` are the acts of the authorisation, by code.
    """

    authorisation_id: int
    principal_id: int
    items: frozenset[str] | None
    acts: frozenset[str]
    valid_from: date
    valid_until: date

    def covers(self, party_id: int | None, item_code: str, act: str | None = None) -> bool:
        """True where it is of this principal, for this item and (with `act`) for this act."""
        return (
            party_id == self.principal_id
            and (self.items is None or item_code in self.items)
            and (act is None or act in self.acts)
        )


@dataclass(frozen=True, slots=True)
class Actor:
    """`ref` goes into the record (`account:12`, `system:timer`); it is never a name.

    `represents` are the parties this person stands for today: organisations, and children under
    their guardianship. `mandates` are narrower: named items and acts of other people's. `left`
    tells when a principal last took such a right back.
    """

    ref: str
    label: str
    account_id: int | None = None
    party_id: int | None = None
    is_staff: bool = False
    postings: tuple[Posting, ...] = ()
    is_system: bool = False
    represents: frozenset[int] = frozenset()
    mandates: tuple[Mandate, ...] = ()
    left: tuple[tuple[int, datetime], ...] = ()

    def acts_for(self, *party_ids: int | None) -> bool:
        """True for one's own party and for those one represents today."""
        own = self.represents | {self.party_id} if self.party_id is not None else frozenset()
        return any(party_id is not None and party_id in own for party_id in party_ids)

    def mandate_for(
        self, party_id: int | None, item_code: str, act: str | None = None
    ) -> Mandate | None:
        """The first authorisation that covers this; `act` None asks for any act at all."""
        return next((m for m in self.mandates if m.covers(party_id, item_code, act)), None)

    def may_act_as(self, party_id: int | None, item_code: str, act: str | None = None) -> bool:
        """True for one's own and represented parties, and within an authorisation in force."""
        return self.acts_for(party_id) or self.mandate_for(party_id, item_code, act) is not None

    def left_at(self, party_id: int | None) -> datetime | None:
        """When this party last took a right of this person's back; None where it never did."""
        return max((at for party, at in self.left if party == party_id), default=None)

    def principals(self) -> Iterable[int]:
        """The parties whose authorisations this person holds."""
        return sorted({mandate.principal_id for mandate in self.mandates})

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
