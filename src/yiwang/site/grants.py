"""What the application's own role may do: read and write, but never change the record."""

from __future__ import annotations

from django.db import connection

from yiwang.foundation.postgres.cluster import APP_ROLE

APPEND_ONLY = (
    "record_recordentry",
    "record_rootseal",
    "ratings_rating",
    "ratings_ratinginvitation",
    "cases_clockrow",
    "cases_casecontent",
    "cases_casedecision",
    "people_disclosure",
    "people_securityevent",
)


def grant_application() -> None:
    """Grant to the application role where there is one (the embedded database)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [APP_ROLE])
        if cursor.fetchone() is None:
            return
        cursor.execute(f"GRANT USAGE ON SCHEMA public TO {APP_ROLE}")
        cursor.execute(
            f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {APP_ROLE}"
        )
        cursor.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {APP_ROLE}")
        cursor.execute(f"GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO {APP_ROLE}")
        for table in APPEND_ONLY:
            cursor.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {APP_ROLE}")
        cursor.execute(f"REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {APP_ROLE}")
