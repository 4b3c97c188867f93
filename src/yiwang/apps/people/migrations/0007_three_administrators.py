"""No account holds two of the three administrators' duties on one day, whoever writes it
(GB/T 22239-2019 8.1.4)."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION people_refuse_two_duties() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE duty text;
BEGIN
    SELECT r.separation INTO duty FROM people_post p
    JOIN people_role r ON r.code = p.role_id WHERE p.id = NEW.post_id;
    IF duty = 'NONE' THEN
        RETURN NEW;
    END IF;
    -- Two holdings of one account at once: the second waits and then sees the first.
    PERFORM 1 FROM people_account WHERE id = NEW.account_id FOR NO KEY UPDATE;
    IF EXISTS (
        SELECT 1 FROM people_postholding h
        JOIN people_post p ON p.id = h.post_id
        JOIN people_role r ON r.code = p.role_id
        WHERE h.account_id = NEW.account_id AND h.id <> NEW.id
          AND r.separation NOT IN ('NONE', duty)
          AND (h.valid_until IS NULL OR h.valid_until >= NEW.valid_from)
          AND (NEW.valid_until IS NULL OR NEW.valid_until >= h.valid_from)
    ) THEN
        RAISE EXCEPTION 'two of the three administrators duties in one account'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER holding_one_duty BEFORE INSERT OR UPDATE ON people_postholding
    FOR EACH ROW EXECUTE FUNCTION people_refuse_two_duties();
"""
BACKWARD = """
DROP TRIGGER holding_one_duty ON people_postholding;
DROP FUNCTION people_refuse_two_duties();
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0006_closed_places")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
