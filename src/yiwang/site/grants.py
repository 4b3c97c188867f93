"""What the application's own role may do: read and write, but never change the record."""

from __future__ import annotations

from django.db import connection

from yiwang.foundation.environment import environment
from yiwang.foundation.postgres.cluster import APP_ROLE
from yiwang.site.database import application_role

APPEND_ONLY = (
    "record_recordentry",
    "record_rootseal",
    "ratings_rating",
    "ratings_ratinginvitation",
    "ratings_ratingshowing",
    "ratings_handlingstep",
    "ratings_visit",
    "cases_clockrow",
    "cases_casecontent",
    "cases_casedecision",
    "cases_helprecord",
    "cases_outsidestatus",
    "cases_papershandover",
    "certificates_blankbatch",
    "certificates_issueentry",
    "certificates_statechange",
    "documents_templatetext",
    "enquiries_enquiryentry",
    "oversight_checkresult",
    "oversight_sample",
    "parameters_parametervalue",
    "people_authorisationuse",
    "people_disclosure",
    "people_securityevent",
)


def grant_application() -> None:
    """Grant to the application's role where it is another than ours (the owner's)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT quote_ident(rolname) FROM pg_roles "
            "WHERE rolname IN (%s, %s) AND rolname <> current_user",
            [APP_ROLE, application_role(environment())],
        )
        for (role,) in cursor.fetchall():
            cursor.execute(f"GRANT USAGE ON SCHEMA public TO {role}")
            cursor.execute(
                f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}"
            )
            cursor.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}")
            cursor.execute(f"GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO {role}")
            for table in APPEND_ONLY:
                cursor.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {role}")
            cursor.execute(f"REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {role}")
