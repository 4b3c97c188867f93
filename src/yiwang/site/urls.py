"""All addresses. A test walks them and asks each for its access rule."""

from __future__ import annotations

from django.urls import include, path

from yiwang.site.health import healthz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("", include("yiwang.apps.partners.pages.urls")),  # its token stands beside the API
    path("api/v1/", include("yiwang.site.api")),
    path("", include("yiwang.apps.people.pages.urls")),
    path("", include("yiwang.site.pages.urls")),
    path("", include("yiwang.apps.catalog.pages.urls")),
    path("", include("yiwang.apps.certificates.pages.urls")),
    path("", include("yiwang.apps.cases.pages.urls_portal")),
    path("", include("yiwang.apps.ratings.pages.urls")),
    path("", include("yiwang.apps.enquiries.pages.urls")),
    path("", include("yiwang.apps.hall.pages.urls")),
    path("", include("yiwang.apps.oversight.pages.urls")),
    path("", include("yiwang.apps.catalog.pages.urls_staff")),
    path("", include("yiwang.apps.cases.pages.urls_staff")),
    path("", include("yiwang.apps.archives.pages.urls")),
    path("", include("yiwang.apps.supervision.pages.urls")),
]

handler400 = "yiwang.site.errors.bad_request"
handler403 = "yiwang.site.errors.permission_denied"
handler404 = "yiwang.site.errors.page_not_found"
handler500 = "yiwang.site.errors.server_error"
