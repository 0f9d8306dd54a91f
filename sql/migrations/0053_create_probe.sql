-- When a credential was last verified by asking its service, and in which version: at most once a minute.
CREATE TABLE vault.probe (
    workspace_id uuid NOT NULL,
    service_id   uuid NOT NULL,
    version      bigint NOT NULL,
    asked_at     timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (workspace_id, service_id),
    FOREIGN KEY (workspace_id, service_id) REFERENCES vault.service ON DELETE CASCADE
);
ALTER TABLE vault.probe ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON vault.probe USING (workspace_id = workspace.current_id());
