"""Loading the demonstration city: once, whole or not at all, through the same operations."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import transaction

from yiwang.apps.catalog import operations as catalog
from yiwang.apps.certificates.making.stocking import receive_batch
from yiwang.apps.certificates.public import register_held
from yiwang.apps.people import authorising
from yiwang.apps.people.authority_terms import Terms
from yiwang.apps.people.domain.usual_roles import USUAL_ROLES
from yiwang.apps.people.models import PostHolding
from yiwang.apps.people.public import (
    Account,
    Area,
    Hall,
    Organ,
    Party,
    PartyKind,
    Post,
    Representation,
    Role,
    Window,
    register_party,
)
from yiwang.apps.people.queries import load_actor
from yiwang.foundation.access import Actor, system_actor
from yiwang.foundation.clockwork import now
from yiwang.foundation.documents.kinds import SealUse
from yiwang.foundation.documents.registering import Engraving, confirm_seal, propose_seal
from yiwang.foundation.messaging.models import Message
from yiwang.foundation.record.writing import append, head_of
from yiwang.kernel.identifiers.kinds import PaperKind
from yiwang.kernel.moment import civil_date
from yiwang.site.demonstration.accounts import HERE, PASSWORD, city
from yiwang.site.demonstration.hall import load_hall

SUBJECT = "demonstration:city"
SINCE = date(2024, 1, 1)


def load_demonstration(say: Callable[[str], None]) -> bool:
    """Load the city unless it is there; returns whether it was loaded now."""
    if head_of(SUBJECT).seq:
        return False
    say("· 装入演示城市(首次约十秒)")
    at = now()
    with transaction.atomic():
        data = city()
        loader = Loader(data, at)
        loader.places()
        loader.staff()
        loader.parties()
        loader.items()
        loader.blanks()
        loader.seals()
        loader.authorisations()
        load_hall(data, at)
        append(subject=SUBJECT, operation="demonstration.load", actor="system:demo", at=at)
    return True


class Loader:
    """One pass over the city's file; every step keeps what later ones refer to by key."""

    def __init__(self, data: dict[str, Any], at: datetime) -> None:
        self.data, self.at = data, at
        self.actor = system_actor("demo")
        self.organs: dict[str, Organ] = {}
        self.parties_by_key: dict[str, Party] = {}
        self.windows: dict[tuple[str, str], Window] = {}
        self.accounts: dict[str, Account] = {}

    def places(self) -> None:
        areas = {a["code"]: a for a in self.data["areas"]}
        for row in areas.values():
            Area.objects.create(
                code=row["code"],
                name=row["name"],
                level=row["level"],
                parent_id=row["parent"],
                is_zone=row["is_zone"],
            )
        for row in self.data["organs"]:
            values = {key: value for key, value in row.items() if key != "area"}
            self.organs[row["slug"]] = Organ.objects.create(area_id=row["area"], **values)
        halls = {}
        for row in self.data["halls"]:
            values = {key: value for key, value in row.items() if key != "area"}
            halls[row["slug"]] = Hall.objects.create(area_id=row["area"], **values)
        for row in self.data["windows"]:
            self.windows[(row["hall"], row["number"])] = Window.objects.create(
                hall=halls[row["hall"]],
                number=row["number"],
                name=row["name"],
                package=list(row["package"]),
            )

    def staff(self) -> None:
        for usual in USUAL_ROLES:
            Role.objects.create(
                code=usual.code, name=usual.name, permissions=list(usual.permissions)
            )
        for row in self.data["roles"]:
            Role.objects.create(**row)
        posts = {row["key"]: self._post(row) for row in self.data["posts"]}
        password = make_password(PASSWORD)  # the demonstration's one password, hashed once
        for row in self.data["accounts"]:
            account = Account.objects.create(
                login=row["login"],
                label=row["label"],
                is_staff=True,
                is_demo=True,
                password=password,
                password_set_at=self.at,
            )
            self.accounts[row["login"]] = account
            for held in row["posts"]:
                PostHolding.objects.create(
                    post=posts[held["post"]],
                    account=account,
                    is_deputy=bool(held.get("deputy")),
                    valid_from=SINCE,
                )

    def _post(self, row: dict[str, Any]) -> Post:
        window = row.get("window")
        return Post.objects.create(
            name=row["name"],
            role_id=row["role"],
            organ=self.organs[row["organ"]],
            area_id=row["area"],
            window=self.windows[(window["hall"], window["number"])] if window else None,
        )

    def parties(self) -> None:
        for row in self.data["parties"]:
            self.parties_by_key[row["key"]] = register_party(
                kind=PartyKind(row["kind"]),
                name=row["name"],
                paper_kind=PaperKind(row["paper_kind"]),
                paper_number=str(row["paper_number"]),
                phone=str(row.get("phone", "")),
                area=Area.objects.get(pk=row["area"]) if row.get("area") else None,
                details=self._details(row),
                actor=self.actor,
                at=self.at,
            )
        for row in self.data["parties"]:
            self._representations(row)
        password = make_password(PASSWORD)
        for row in self.data["citizen_accounts"]:
            party = self.parties_by_key[row["party"]]
            Account.objects.create(
                login=row["login"],
                label=party.name,
                party=party,
                is_demo=True,
                password=password,
                password_set_at=self.at,
            )
        for row in self.data["certificates"]:
            values = {k: v for k, v in row.items() if k not in ("holder", "organ")}
            register_held(
                holder=self.parties_by_key[row["holder"]], organ=self.organs[row["organ"]], **values
            )

    def _details(self, row: dict[str, Any]) -> dict[str, Any]:
        details = {"address": row.get("address", ""), **(row.get("details") or {})}
        representative = row.get("legal_representative")
        if representative:
            people = {p["key"]: p["name"] for p in self.data["parties"]}
            details["legal_representative"] = people[representative]
        return details

    def _representations(self, row: dict[str, Any]) -> None:
        legal = row.get("legal_representative")
        for key in dict.fromkeys(
            [*([legal] if legal else []), *(row.get("representatives") or [])]
        ):
            Representation.objects.create(
                organisation=self.parties_by_key[row["key"]],
                person=self.parties_by_key[key],
                is_legal_representative=key == legal,
                valid_from=SINCE,
            )

    def items(self) -> None:
        editor = self._actor("catalog.edit", "catalog_editor")
        publisher = self._actor("catalog.publish", "catalog_publisher")
        for path in sorted((HERE / "items").glob("*.yaml")):
            text = path.read_text(encoding="utf-8")
            found = catalog.import_package(text=text, actor=editor, at=self.at)
            assert found.version is not None
            catalog.submit_for_review(version_id=found.version.pk, actor=editor, at=self.at)
            catalog.publish(version_id=found.version.pk, actor=publisher, at=self.at)

    def blanks(self) -> None:
        """Numbered sheets the halls have in stock, received by the people who print."""
        maker = self._actor("certificates.make", "maker")
        halls = dict(Hall.objects.values_list("slug", "pk"))
        for row in self.data["blanks"]:
            receive_batch(
                keeper=f"hall:{halls[row['hall']]}",
                kind=row["kind"],
                first=row["first"],
                last=row["last"],
                actor=maker,
                at=self.at,
            )

    def seals(self) -> None:
        """Registered as administrators do it: one proposes, another confirms."""
        proposer = self._actor("seals.propose", "system_admin")
        confirmer = self._actor("seals.confirm", "security_admin")
        for row in self.data["seals"]:
            proposed = propose_seal(
                organ_id=self.organs[row["organ"]].pk,
                wanted=Engraving(
                    use=SealUse(row["use"]),
                    name=row["name"],
                    caption=row["caption"],
                    filing_code=row["filing_code"],
                    valid_from=civil_date(self.at) + timedelta(days=int(row["after"])),
                    source="演示印章启用通知",
                    article="",
                    reason="演示城市的印章",
                ),
                actor=proposer,
                at=self.at,
            )
            confirm_seal(proposal_id=proposed.pk, actor=confirmer, at=self.at)

    def authorisations(self) -> None:
        """As people do it: proposed in the account, confirmed with the code."""
        for row in self.data["authorisations"]:
            agent = self.parties_by_key[row["agent"]]
            signed_in = load_actor(Account.objects.get(login=row["by"]).pk, at=self.at)
            assert signed_in is not None
            today = civil_date(self.at)
            proposed = authorising.propose(
                principal_id=self.parties_by_key[row["principal"]].pk,
                terms=Terms(
                    name=agent.name,
                    paper_kind=PaperKind(agent.paper_kind),
                    paper_number=agent.paper_number,
                    items=tuple(row["items"]),
                    is_for_all=False,
                    acts=tuple(row["acts"]),
                    valid_from=today,
                    valid_until=today + timedelta(days=int(row["days"]) - 1),
                ),
                actor=signed_in.actor,
                at=self.at,
            )
            authorising.confirm(
                authorisation_id=proposed.pk,
                code=authorising.code_of(proposed),
                actor=signed_in.actor,
                at=self.at,
            )

        # The codes were used before anybody could be told: they are not on their way.
        Message.objects.filter(kind=authorising.CODE).delete()

    def _actor(self, name: str, role: str) -> Actor:
        """A real member of the demonstration staff, so that the record names one."""
        holding = (
            PostHolding.objects.filter(post__role_id=role, is_deputy=False).order_by("id").first()
        )
        assert holding is not None
        signed_in = load_actor(holding.account_id, at=self.at)
        assert signed_in is not None
        return signed_in.actor
