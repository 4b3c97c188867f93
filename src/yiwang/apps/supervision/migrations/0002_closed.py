"""What was issued, appealed or confirmed is not rewritten: the database itself refuses."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION supervision_keep_card() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a card is kept' USING ERRCODE = 'restrict_violation';
    END IF;
    IF (NEW.number, NEW.rule_id, NEW.rule_code, NEW.signal, NEW.case_id, NEW.short_number,
        NEW.organ_id, NEW.area_code, NEW.target, NEW.text, NEW.evidence, NEW.occurred_at,
        NEW.issued_at, NEW.salt)
       IS DISTINCT FROM
       (OLD.number, OLD.rule_id, OLD.rule_code, OLD.signal, OLD.case_id, OLD.short_number,
        OLD.organ_id, OLD.area_code, OLD.target, OLD.text, OLD.evidence, OLD.occurred_at,
        OLD.issued_at, OLD.salt) THEN
        RAISE EXCEPTION 'what a card says is closed' USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.state = 'WITHDRAWN' AND NEW.state <> 'WITHDRAWN' THEN
        RAISE EXCEPTION 'a withdrawn card stays withdrawn' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER card_is_closed BEFORE UPDATE OR DELETE ON supervision_card
    FOR EACH ROW EXECUTE FUNCTION supervision_keep_card();

CREATE FUNCTION supervision_keep_rule() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.status <> 'DRAFT'
       OR (NEW.code, NEW.version, NEW.signal, NEW.condition, NEW.number, NEW.unit, NEW.text,
           NEW.article, NEW.is_active, NEW.valid_from, NEW.drafted_by)
          IS DISTINCT FROM
          (OLD.code, OLD.version, OLD.signal, OLD.condition, OLD.number, OLD.unit, OLD.text,
           OLD.article, OLD.is_active, OLD.valid_from, OLD.drafted_by) THEN
        RAISE EXCEPTION 'a rule is changed by a new version'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER rule_is_dated BEFORE UPDATE OR DELETE ON supervision_supervisionrule
    FOR EACH ROW EXECUTE FUNCTION supervision_keep_rule();

CREATE FUNCTION supervision_keep_appeal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.decided_at IS NOT NULL
       OR (NEW.card_id, NEW.cause, NEW.text, NEW.attachment_id, NEW.appealed_by, NEW.appealed_at)
          IS DISTINCT FROM
          (OLD.card_id, OLD.cause, OLD.text, OLD.attachment_id, OLD.appealed_by,
           OLD.appealed_at) THEN
        RAISE EXCEPTION 'an appeal is decided once and not rewritten'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER appeal_is_closed BEFORE UPDATE OR DELETE ON supervision_cardappeal
    FOR EACH ROW EXECUTE FUNCTION supervision_keep_appeal();
"""

BACKWARD = """
DROP TRIGGER appeal_is_closed ON supervision_cardappeal;
DROP FUNCTION supervision_keep_appeal();
DROP TRIGGER rule_is_dated ON supervision_supervisionrule;
DROP FUNCTION supervision_keep_rule();
DROP TRIGGER card_is_closed ON supervision_card;
DROP FUNCTION supervision_keep_card();
"""


class Migration(migrations.Migration):
    dependencies = [("supervision", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
