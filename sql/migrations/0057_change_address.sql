-- A mail about a person whose address it may not be: the code goes to the new address, the notice to the former one.
ALTER TABLE account.mail
    ADD COLUMN user_id uuid REFERENCES account."user" ON DELETE CASCADE,
    DROP CONSTRAINT mail_kind_check,
    ADD CONSTRAINT mail_kind_check
        CHECK (kind IN ('activate', 'reset_password', 'password_changed', 'two_factor_enabled', 'two_factor_disabled',
                        'identity_linked', 'identity_unlinked', 'change_address', 'address_changed'));
CREATE INDEX mail_user ON account.mail (user_id) WHERE user_id IS NOT NULL;
ALTER TABLE account.one_time_code
    ADD COLUMN address text CHECK (length(address) <= 254),
    DROP CONSTRAINT one_time_code_purpose_check,
    ADD CONSTRAINT one_time_code_purpose_check
        CHECK (purpose IN ('activate', 'reset_password', 'change_address')),
    ADD CONSTRAINT one_time_code_address CHECK ((purpose = 'change_address') = (address IS NOT NULL));

-- As before; and: a mail may name the person it is about, an address that is somebody's already gets no code but the
-- word of it, and a disabled person gets no code at all.
CREATE OR REPLACE FUNCTION account.take_mail(mail_id uuid)
    RETURNS TABLE (kind text, recipient text, name text, code text)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    mail account.mail;
    person account."user";
    told text;
    secret text;
BEGIN
    SELECT * INTO mail FROM account.mail m WHERE m.id = mail_id AND m.ended_at IS NULL FOR UPDATE;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    told := mail.kind;
    IF mail.user_id IS NOT NULL THEN
        SELECT * INTO person FROM account."user" u WHERE u.id = mail.user_id;
    ELSE
        SELECT * INTO person FROM account."user" u WHERE lower(u.email) = lower(mail.recipient);
    END IF;
    IF NOT FOUND OR (person.disabled_at IS NOT NULL AND told IN ('activate', 'reset_password', 'change_address')) THEN
        UPDATE account.mail m SET ended_at = now(), outcome = 'nobody' WHERE m.id = mail_id;
        RETURN;
    END IF;
    IF told = 'activate' AND person.activated_at IS NOT NULL THEN
        told := 'registered_already';
    ELSIF told = 'change_address' AND EXISTS (
            SELECT FROM account."user" u
             WHERE lower(u.email) = lower(mail.recipient) AND u.activated_at IS NOT NULL AND u.id <> person.id) THEN
        told := 'address_taken';
        person.name := '';
    ELSIF told IN ('activate', 'reset_password', 'change_address') THEN
        -- 48 random bits: the first twelve digits of a version 4 UUID.
        secret := upper(left(replace(gen_random_uuid()::text, '-', ''), 12));
        INSERT INTO account.one_time_code AS c (user_id, purpose, sha256, expires_at, address)
        VALUES (person.id, told, sha256(convert_to(secret, 'UTF8')),
                now() + CASE told WHEN 'activate' THEN interval '24 hours' ELSE interval '30 minutes' END,
                CASE told WHEN 'change_address' THEN mail.recipient END)
        ON CONFLICT (user_id, purpose) DO UPDATE
           SET sha256 = excluded.sha256, expires_at = excluded.expires_at, address = excluded.address, attempts = 0;
    END IF;
    RETURN QUERY SELECT told, CASE WHEN mail.user_id IS NULL THEN person.email ELSE mail.recipient END, person.name, secret;
END
$$;

-- Gives a person the address that their code was sent to. Whoever registered it without showing that it is theirs
-- gives way; false when somebody has shown it since.
CREATE FUNCTION account.change_address(of_user uuid, new_address text) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    DELETE FROM account."user"
     WHERE lower(email) = lower(new_address) AND activated_at IS NULL AND id <> of_user;
    UPDATE account."user" SET email = new_address WHERE id = of_user;
    DELETE FROM account.one_time_code WHERE user_id = of_user;
    RETURN true;
EXCEPTION WHEN unique_violation THEN
    RETURN false;
END
$$;
