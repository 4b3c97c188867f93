"""Visits, showings and steps only grow; a default rating is refused until a province rules one and
somebody writes the way to it."""

from django.db import migrations

ASK_TOKEN = """
CREATE OR REPLACE FUNCTION ratings_ask_token() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        RAISE EXCEPTION 'a rating is not changed' USING ERRCODE = 'restrict_violation';
    END IF;
    {kind}
    IF NOT EXISTS (
        SELECT 1 FROM ratings_ratinginvitation i
        WHERE i.id = NEW.invitation_id
          AND i.token_hash = sha256(convert_to(NEW.token, 'UTF8'))
    ) THEN
        RAISE EXCEPTION 'a rating needs the applicant''s own token'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    NEW.token := '';
    RETURN NEW;
END $$;
"""
KIND = """
    IF NEW.kind IS DISTINCT FROM 'ACTIVE' THEN
        RAISE EXCEPTION 'only an applicant makes a rating' USING ERRCODE = 'restrict_violation';
    END IF;
"""
TABLES = ("visit", "ratingshowing", "handlingstep")
GROWS = """
CREATE FUNCTION ratings_only_grow() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'this table only grows' USING ERRCODE = 'restrict_violation';
END $$;
""" + "".join(
    f"CREATE TRIGGER {table}_only_grows BEFORE UPDATE OR DELETE ON ratings_{table} "
    "FOR EACH ROW EXECUTE FUNCTION ratings_only_grow();\n"
    for table in TABLES
)
BACK = (
    "".join(f"DROP TRIGGER {table}_only_grows ON ratings_{table};\n" for table in TABLES)
    + "DROP FUNCTION ratings_only_grow();\n"
)


class Migration(migrations.Migration):
    dependencies = [("ratings", "0003_visits_and_bad_ratings")]
    operations = [
        migrations.RunSQL(ASK_TOKEN.replace("{kind}", KIND), ASK_TOKEN.replace("{kind}", "")),
        migrations.RunSQL(GROWS, BACK),
    ]
