-- The whole privilege matrix, re-applied after every migration, by gatehouse_owner.
-- One block per executable; what is not granted here is not allowed.
DO $$
DECLARE
    schema_name name;
    role_name   name;
BEGIN
    FOR schema_name IN SELECT nspname FROM pg_namespace WHERE nspowner = 'gatehouse_owner'::regrole LOOP
        FOR role_name IN SELECT rolname FROM pg_roles WHERE rolname LIKE 'gatehouse\_%' AND rolname <> 'gatehouse_owner' LOOP
            EXECUTE format('REVOKE ALL ON SCHEMA %I FROM %I', schema_name, role_name);
            EXECUTE format('REVOKE ALL ON ALL TABLES IN SCHEMA %I FROM %I', schema_name, role_name);
            EXECUTE format('REVOKE ALL ON ALL FUNCTIONS IN SCHEMA %I FROM %I', schema_name, role_name);
        END LOOP;
        EXECUTE format('REVOKE ALL ON ALL FUNCTIONS IN SCHEMA %I FROM PUBLIC', schema_name);
    END LOOP;
END
$$;

-- handlers/mcp.cpp and handlers/rest.cpp: find out who calls, run tools
GRANT USAGE ON SCHEMA workspace, auth, tool, audit TO gatehouse_mcp, gatehouse_rest;
GRANT EXECUTE ON FUNCTION workspace.current_id(), auth.find_api_key(uuid, bytea), auth.record_api_key_use(uuid[], timestamptz),
                          auth.find_grant(uuid, uuid), auth.signing_keys()
   TO gatehouse_mcp, gatehouse_rest;
-- ... and of REST alone: people, pages, and the keys of a workspace
GRANT EXECUTE ON FUNCTION auth.find_user_token(bytea, uuid, text), auth.find_publishable_key(uuid, text),
                          auth.is_origin_of_some_key(text) TO gatehouse_rest;
GRANT SELECT (workspace_id, id, user_id, name, scopes, created_at, expires_at, disabled_at, last_used_at),
      INSERT (workspace_id, id, user_id, name, secret_sha256, scopes, expires_at),
      UPDATE (disabled_at), DELETE ON auth.api_key TO gatehouse_rest;
GRANT SELECT, INSERT (workspace_id, id, user_id, name, allowed_origins), UPDATE (disabled_at), DELETE
   ON auth.publishable_key TO gatehouse_rest;
GRANT SELECT, INSERT, DELETE, UPDATE (result, runner) ON tool.idempotency TO gatehouse_mcp, gatehouse_rest;
GRANT INSERT ON audit.call TO gatehouse_mcp, gatehouse_rest;

-- handlers/mcp.cpp: what must be known across requests
GRANT USAGE ON SCHEMA mcp TO gatehouse_mcp;
GRANT EXECUTE ON FUNCTION mcp.publish_change(text, text) TO gatehouse_mcp;
GRANT SELECT, INSERT, UPDATE (log_level, listener, ended_at) ON mcp.session TO gatehouse_mcp;
GRANT SELECT, INSERT, DELETE ON mcp.subscription TO gatehouse_mcp;
GRANT SELECT, INSERT ON mcp.event TO gatehouse_mcp;
GRANT SELECT, INSERT, DELETE, UPDATE (answer) ON mcp.client_request TO gatehouse_mcp;
GRANT SELECT ON mcp.change TO gatehouse_mcp;

-- handlers/account.cpp: accounts and login sessions
GRANT USAGE ON SCHEMA account TO gatehouse_account;
GRANT EXECUTE ON FUNCTION account.find_login_session(bytea), account.attempt(text, integer, interval)
   TO gatehouse_account;
GRANT SELECT, INSERT (id, email, name, password_hash, activated_at),
      UPDATE (email, name, password_hash, activated_at) ON account."user" TO gatehouse_account;
GRANT INSERT (id, kind, recipient, user_id) ON account.mail TO gatehouse_account;
GRANT EXECUTE ON FUNCTION account.change_address(uuid, text) TO gatehouse_account;
-- ... and what each of them let OAuth clients do
GRANT USAGE ON SCHEMA oauth TO gatehouse_account;
GRANT EXECUTE ON FUNCTION oauth.grants_of(uuid, uuid), oauth.revoke_grant(uuid, uuid, uuid), oauth.revoke_grants_of(uuid)
   TO gatehouse_account;
GRANT SELECT, UPDATE (attempts), DELETE ON account.one_time_code TO gatehouse_account;
GRANT SELECT, INSERT, UPDATE, DELETE ON account.two_factor TO gatehouse_account;
GRANT SELECT, INSERT, DELETE ON account.recovery_code, account.identity, account.provider_login TO gatehouse_account;
GRANT SELECT, INSERT, DELETE ON account.pending_login TO gatehouse_account;
GRANT SELECT, INSERT ON account.token_key TO gatehouse_account;
GRANT SELECT, INSERT, UPDATE (seen_at) ON account.known_browser TO gatehouse_account;
GRANT SELECT (bucket, attempts), UPDATE (attempts, blocked_until), DELETE ON account.throttle TO gatehouse_account;
GRANT SELECT (id, sha256, user_id), INSERT, DELETE ON account.login_session TO gatehouse_account;

-- handlers/worker.cpp: retention
GRANT USAGE ON SCHEMA tool, audit, mcp, account TO gatehouse_worker;
GRANT EXECUTE ON FUNCTION tool.delete_expired(integer), audit.delete_expired(integer), mcp.delete_expired(integer),
                          account.delete_expired(integer), account.due_mail(integer)
   TO gatehouse_worker;

GRANT USAGE ON SCHEMA oauth TO gatehouse_worker;
GRANT EXECUTE ON FUNCTION oauth.delete_stale_clients(integer), oauth.delete_expired_requests(integer)
   TO gatehouse_worker;

-- handlers/oauth_authorize.cpp: ask a person, make a grant and a code, keep copies of metadata documents
GRANT USAGE ON SCHEMA oauth, account TO gatehouse_oauth_authorize;
GRANT EXECUTE ON FUNCTION account.find_login_session(bytea), oauth.workspaces_of(uuid), oauth.note_authorization(uuid),
                          oauth.hold_client(uuid), oauth.is_shut_out(uuid, uuid),
                          oauth.take_registration(text, integer, double precision) TO gatehouse_oauth_authorize;
GRANT SELECT (sha256), DELETE ON account.login_session TO gatehouse_oauth_authorize;
GRANT SELECT ON oauth.client TO gatehouse_oauth_authorize;
GRANT INSERT (id, client_id, origin, name, redirect_uris, grant_types, token_endpoint_auth_method, jwks, metadata,
              metadata_sha256, fetched_at, fresh_until),
      UPDATE (name, redirect_uris, grant_types, token_endpoint_auth_method, jwks, metadata, metadata_sha256, fetched_at,
              fresh_until, registered_at)
   ON oauth.client TO gatehouse_oauth_authorize;
GRANT SELECT, INSERT, UPDATE ON oauth.registration_quota TO gatehouse_oauth_authorize;
GRANT SELECT, INSERT, UPDATE, DELETE ON oauth.document_fetch TO gatehouse_oauth_authorize;
GRANT SELECT, INSERT, UPDATE (decided_at) ON oauth.authorization_request TO gatehouse_oauth_authorize;
GRANT SELECT, INSERT, UPDATE (scopes, identity_sha256, granted_at) ON oauth.consent TO gatehouse_oauth_authorize;
GRANT INSERT ON oauth.authorization, oauth.authorization_code TO gatehouse_oauth_authorize;

-- handlers/oauth_register.cpp: clients that register themselves, and those alone (row-level security)
GRANT USAGE ON SCHEMA oauth, workspace TO gatehouse_oauth_register;
GRANT EXECUTE ON FUNCTION oauth.take_registration(text, integer, double precision) TO gatehouse_oauth_register;
GRANT SELECT, INSERT, UPDATE ON oauth.registration_quota TO gatehouse_oauth_register;
GRANT SELECT, INSERT, DELETE ON oauth.registration TO gatehouse_oauth_register;
GRANT DELETE,
      SELECT (id, client_id, origin, token_endpoint_auth_method, secret_sha256, metadata, metadata_sha256, created_at,
              disabled_at, shared_at),
      INSERT (id, client_id, origin, name, redirect_uris, grant_types, token_endpoint_auth_method, secret_sha256,
              jwks, metadata, metadata_sha256),
      UPDATE (name, redirect_uris, grant_types, token_endpoint_auth_method, secret_sha256, jwks, metadata,
              metadata_sha256, registered_at, shared_at)
   ON oauth.client TO gatehouse_oauth_register;

-- Clients made by hand: any by the operator, those of a workspace by its administrators (row-level security)
GRANT USAGE ON SCHEMA oauth TO gatehouse_rest, gatehouse_operator;
GRANT DELETE, UPDATE (secret_sha256), SELECT (id, client_id, origin, name, redirect_uris, grant_types,
                                               token_endpoint_auth_method, secret_sha256, workspace_id, scopes, created_at,
                                               registered_by),
      INSERT (id, client_id, origin, name, redirect_uris, grant_types, token_endpoint_auth_method, secret_sha256, jwks,
              workspace_id, user_id, scopes, registered_by)
   ON oauth.client TO gatehouse_rest, gatehouse_operator;
GRANT EXECUTE ON FUNCTION oauth.add_service_user(uuid, uuid) TO gatehouse_rest, gatehouse_operator;
GRANT EXECUTE ON FUNCTION oauth.grants_of(uuid, uuid), oauth.revoke_grant(uuid, uuid, uuid) TO gatehouse_rest;
GRANT EXECUTE ON FUNCTION oauth.connected_clients(), oauth.shut_out_client(text), oauth.let_in_client(text)
   TO gatehouse_rest, gatehouse_operator;

-- handlers/gatehouse.cpp: the operator
GRANT USAGE ON SCHEMA workspace, account, auth, tool, audit TO gatehouse_operator;
GRANT EXECUTE ON FUNCTION workspace.current_id() TO gatehouse_operator;
GRANT SELECT, INSERT, UPDATE, DELETE ON workspace.workspace, workspace.member, account."user", auth.api_key,
      auth.publishable_key TO gatehouse_operator;
GRANT SELECT ON audit.call TO gatehouse_operator;
GRANT SELECT (kid, signs_from, retires_at) ON oauth.signing_key TO gatehouse_operator;

-- The vault. Sealed values leave PostgreSQL through functions that egress alone may call; wrapped keys also for the
-- operator, who wraps them anew and cannot read a sealed value.
GRANT USAGE ON SCHEMA vault TO gatehouse_mcp, gatehouse_rest, gatehouse_egress, gatehouse_operator;
GRANT SELECT ON vault.service TO gatehouse_mcp, gatehouse_rest, gatehouse_operator;
GRANT EXECUTE ON FUNCTION vault.client_of(uuid) TO gatehouse_mcp, gatehouse_rest;
GRANT INSERT, DELETE, UPDATE (description, revealable, state, version, updated_at, policy, echoed_at) ON vault.service
   TO gatehouse_rest, gatehouse_operator;
GRANT SELECT (workspace_id, id, public_key, created_at) ON vault.workspace_key TO gatehouse_rest, gatehouse_operator;
GRANT SELECT (workspace_id, service_id, field, version, key_id), INSERT, UPDATE (version, key_id, sealed)
   ON vault.sealed_field TO gatehouse_rest, gatehouse_operator;
GRANT INSERT, SELECT (wrapped_private_key), UPDATE (wrapped_private_key) ON vault.workspace_key
   TO gatehouse_operator;
GRANT INSERT ON vault.decoy TO gatehouse_rest, gatehouse_operator;
GRANT SELECT ON vault.alert TO gatehouse_rest, gatehouse_operator;
GRANT EXECUTE ON FUNCTION vault.decoys(), vault.trip_decoy(uuid, bytea, uuid, uuid, text, text)
   TO gatehouse_mcp, gatehouse_rest;

-- handlers/egress.cpp: open a secret for a live credential, remember what the upstream said
GRANT USAGE ON SCHEMA workspace, auth TO gatehouse_egress;
GRANT EXECUTE ON FUNCTION auth.signing_keys() TO gatehouse_egress;
GRANT EXECUTE ON FUNCTION workspace.current_id(),
                          vault.open_service(uuid, bytea, text[], uuid, text) TO gatehouse_egress;
GRANT SELECT, INSERT, UPDATE ON vault.last_call TO gatehouse_egress;
GRANT EXECUTE ON FUNCTION vault.guard_call(uuid, uuid, uuid), vault.lease_budgets(uuid, uuid, text, integer, text),
                          vault.settle_budgets(uuid, uuid, integer, integer, jsonb, jsonb, text),
                          vault.secrets_since(uuid, bytea, uuid, bigint),
                          vault.raise_alert(uuid, uuid, uuid, text, text),
                          vault.trip_decoy(uuid, bytea, uuid, uuid, text, text),
                          vault.keep_secret(uuid, bytea, uuid, uuid, uuid, text, text, text, uuid, bytea)
   TO gatehouse_egress;
GRANT SELECT ON vault.budget TO gatehouse_egress;
GRANT EXECUTE ON FUNCTION vault.fields_to_reseal(integer),
                          vault.reseal_field(uuid, uuid, text, bytea, uuid, bytea),
                          vault.tokens_to_reseal(integer),
                          vault.reseal_token(uuid, uuid, bigint, bytea, bytea, uuid, bytea, bytea),
                          vault.drop_unused_keys(interval) TO gatehouse_egress;
-- ... and send the mail that was queued
GRANT USAGE ON SCHEMA account TO gatehouse_egress;
GRANT EXECUTE ON FUNCTION account.take_mail(uuid), account.end_mail(uuid, boolean) TO gatehouse_egress;

-- handlers/oauth_token.cpp: redeem, rotate, sign; the keys that sign are sealed for it alone
GRANT USAGE ON SCHEMA oauth TO gatehouse_oauth_token;
GRANT EXECUTE ON FUNCTION oauth.grant_of_code(bytea),
                          oauth.redeem_code(bytea, uuid, text, text, text, bytea, interval),
                          oauth.rotate_refresh_token(uuid, bytea, bytea, uuid, text, text[], text, interval, integer, interval),
                          oauth.rotate_refresh_tokens(uuid[], bytea[], bytea[], uuid[], text[], text[], interval),
                          oauth.grant_client_credentials(uuid, text, text, uuid),
                          oauth.use_client_assertion(uuid, bytea, timestamptz),
                          oauth.add_signing_key(text, text, text, jsonb, bytea, interval, interval)
   TO gatehouse_oauth_token;
GRANT SELECT (kid, algorithm, sealed, signs_from, retires_at) ON oauth.signing_key TO gatehouse_oauth_token;
GRANT SELECT ON oauth.client TO gatehouse_oauth_token;

-- handlers/oauth_revoke.cpp and handlers/oauth_introspect.cpp: who asks, and what about
GRANT USAGE ON SCHEMA oauth, auth TO gatehouse_oauth_revoke, gatehouse_oauth_introspect;
GRANT SELECT ON oauth.client TO gatehouse_oauth_revoke, gatehouse_oauth_introspect;
GRANT EXECUTE ON FUNCTION oauth.use_client_assertion(uuid, bytea, timestamptz), auth.signing_keys()
   TO gatehouse_oauth_revoke, gatehouse_oauth_introspect;
GRANT EXECUTE ON FUNCTION oauth.revoke_refresh_token(uuid, bytea, uuid),
                          oauth.revoke_access_token(uuid, uuid, timestamptz, uuid) TO gatehouse_oauth_revoke;
GRANT EXECUTE ON FUNCTION auth.find_grant(uuid, uuid), oauth.find_refresh_token(uuid, bytea) TO gatehouse_oauth_introspect;

-- handlers/metadata.cpp: the public keys
GRANT USAGE ON SCHEMA auth TO gatehouse_metadata;
GRANT EXECUTE ON FUNCTION auth.signing_keys() TO gatehouse_metadata;

-- handlers/worker.cpp: grants and tokens that have ended
GRANT USAGE ON SCHEMA oauth TO gatehouse_worker;
GRANT EXECUTE ON FUNCTION oauth.delete_expired(integer) TO gatehouse_worker;

-- handlers/egress.cpp: renew the tokens of services that have some
GRANT SELECT, INSERT, UPDATE ON vault.probe TO gatehouse_egress;
GRANT EXECUTE ON FUNCTION vault.open_token(uuid, uuid), vault.open_held_service(uuid, uuid) TO gatehouse_egress;
GRANT SELECT (workspace_id, id, public_key) ON vault.workspace_key TO gatehouse_egress;
GRANT SELECT (workspace_id, service_id, version, state, since, issued_at, expires_at, refresh_at, retry_at,
              fail_count, claim_owner, claim_until, call_started_at, interrupted, forced_at),
      INSERT, UPDATE ON vault.token TO gatehouse_egress;

-- handlers/worker.cpp: find tokens that end soon
GRANT USAGE ON SCHEMA vault TO gatehouse_worker;
GRANT EXECUTE ON FUNCTION vault.due_tokens(integer), vault.due_revocations(integer), vault.delete_expired(integer)
   TO gatehouse_worker;

-- handlers/egress.cpp, rest.cpp and the operator: connect and revoke
GRANT INSERT ON vault.connection TO gatehouse_egress, gatehouse_operator;
GRANT SELECT (workspace_id, id, service_id, ended_at, expires_at), UPDATE (ended_at, outcome) ON vault.connection
   TO gatehouse_egress;
GRANT SELECT (workspace_id, service_id, attempts, retry_at, ended_at), UPDATE (attempts, retry_at, ended_at, outcome)
   ON vault.revocation TO gatehouse_egress;
GRANT EXECUTE ON FUNCTION vault.revoke_connector(text) TO gatehouse_operator;
GRANT EXECUTE ON FUNCTION vault.revoke_connector_here(text) TO gatehouse_rest;
