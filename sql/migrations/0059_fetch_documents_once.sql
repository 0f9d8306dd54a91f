-- Who fetches a client's metadata document just now: one process of all, for as long as that may take.
CREATE TABLE oauth.document_fetch (
    url_sha256 bytea PRIMARY KEY CHECK (length(url_sha256) = 32),
    ends_at    timestamptz NOT NULL
);
