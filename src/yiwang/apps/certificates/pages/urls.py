from __future__ import annotations

from django.urls import path

from yiwang.apps.certificates.pages import (
    blanks,
    checking,
    ledger,
    making,
    mine,
    outages,
    papers,
    staff,
    staff_acts,
)

urlpatterns = [
    path("my/certificates/", mine.mine, name="my-certificates"),
    path("my/certificates/<int:certificate_id>/", mine.one, name="my-certificate"),
    path("my/certificates/<int:certificate_id>/lost/", mine.lost, name="my-certificate-lost"),
    path("my/certificates/<int:certificate_id>/found/", mine.found, name="my-certificate-found"),
    path("my/certificates/<int:certificate_id>/ask/", mine.ask, name="my-certificate-ask"),
    path(
        "my/certificates/<int:certificate_id>/respond/",
        mine.respond,
        name="my-certificate-respond",
    ),
    path("check/", checking.check, name="check"),
    path("check/<str:code>/", checking.check_code, name="check-code"),
    path("certificates/", staff.listing, name="certificates"),
    path("certificates/proposals/", staff.proposals, name="revocations"),
    path("certificates/papers/<uuid:document_id>/", papers.paper, name="certificate-paper"),
    path("certificates/<int:certificate_id>/", staff.certificate, name="certificate"),
    *(
        path(f"certificates/<int:certificate_id>/{name}/", view, name=f"certificate-{name}")
        for name, view in (
            ("notify", staff_acts.notify),
            ("hear", staff_acts.hear),
            ("revoke", staff_acts.revoke),
            ("drop", staff_acts.drop),
            ("cancel", staff_acts.cancel),
            ("withdraw", staff_acts.withdraw),
            ("reissue", staff_acts.reissue),
        )
    ),
    path("making/", making.listing, name="making"),
    path("making/<int:making_id>/", making.one, name="making-one"),
    path("making/<int:making_id>/face/", making.face, name="making-face"),
    path("making/<int:making_id>/<slug:slug>/", making.act, name="making-act"),
    path("blanks/", blanks.listing, name="blanks"),
    path("blanks/receive/", blanks.receive, name="blanks-receive"),
    path("blanks/wastes/", blanks.wastes, name="blank-wastes"),
    path("blanks/wastes/<int:waste_id>/confirm/", blanks.confirm, name="blank-waste-confirm"),
    path("blanks/<int:stock_id>/", blanks.one, name="blank-stock"),
    path("blanks/<int:stock_id>/void/", blanks.void, name="blank-void"),
    path("blanks/<int:stock_id>/low/", blanks.low, name="blank-low"),
    path("admin/sources/", outages.listing, name="sources"),
    path("admin/sources/note/", outages.note, name="source-note"),
    path("admin/sources/<int:outage_id>/end/", outages.end, name="source-end"),
    path("issued/", ledger.listing, name="issued"),
    path("issued/export.csv", ledger.export, name="issued-export"),
]
