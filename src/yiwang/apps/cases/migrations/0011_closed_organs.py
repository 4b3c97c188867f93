"""A closed organ or hall takes no new cases, even where it is closed while one is handed in: the
lock of this trigger and that of the closing exclude each other."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION cases_refuse_closed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE closed date;
BEGIN
    SELECT valid_until INTO closed FROM people_organ WHERE id = NEW.organ_id FOR KEY SHARE;
    IF closed IS NOT NULL THEN
        RAISE EXCEPTION 'the organ is closed' USING ERRCODE = 'restrict_violation';
    END IF;
    SELECT valid_until INTO closed FROM people_hall WHERE id = NEW.hall_id FOR KEY SHARE;
    IF closed IS NOT NULL THEN
        RAISE EXCEPTION 'the hall is closed' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER case_at_open_organ BEFORE INSERT ON cases_case
    FOR EACH ROW EXECUTE FUNCTION cases_refuse_closed();
"""
BACKWARD = """
DROP TRIGGER case_at_open_organ ON cases_case;
DROP FUNCTION cases_refuse_closed();
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0010_list_orders"), ("people", "0006_closed_places")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
