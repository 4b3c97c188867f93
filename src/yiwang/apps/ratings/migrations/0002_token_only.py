"""There is no way to a rating but the applicant's token: the database itself asks for it."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION ratings_ask_token() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        RAISE EXCEPTION 'a rating is not changed' USING ERRCODE = 'restrict_violation';
    END IF;
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
CREATE TRIGGER rating_by_token BEFORE INSERT OR UPDATE OR DELETE ON ratings_rating
    FOR EACH ROW EXECUTE FUNCTION ratings_ask_token();

CREATE FUNCTION ratings_keep_invitation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'an invitation is not changed' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER invitation_only_grows BEFORE UPDATE OR DELETE ON ratings_ratinginvitation
    FOR EACH ROW EXECUTE FUNCTION ratings_keep_invitation();
"""

BACKWARD = """
DROP TRIGGER invitation_only_grows ON ratings_ratinginvitation;
DROP FUNCTION ratings_keep_invitation();
DROP TRIGGER rating_by_token ON ratings_rating;
DROP FUNCTION ratings_ask_token();
"""


class Migration(migrations.Migration):
    dependencies = [("ratings", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
