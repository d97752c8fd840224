-- Everything stands in a schema of its own. Names of users are those of the database's roles.
CREATE TABLE clearpoint.members (
  project text NOT NULL,
  member name NOT NULL,
  PRIMARY KEY (project, member)
);

CREATE TABLE clearpoint.snapshots (
  seq bigint GENERATED ALWAYS AS IDENTITY,
  user_name name NOT NULL DEFAULT current_user,
  project text NOT NULL,
  session_id text NOT NULL,
  digest text NOT NULL,
  machine text NOT NULL,
  at timestamptz NOT NULL,
  received_at timestamptz NOT NULL DEFAULT now(),
  requests bigint NOT NULL,
  used bigint NOT NULL,
  model text,
  phase text,
  task text,
  state text NOT NULL,
  handover text NOT NULL DEFAULT '',
  PRIMARY KEY (user_name, session_id, digest)
);
-- A session's newest snapshot by its own count of requests: clocks of machines differ.
CREATE INDEX snapshots_newest ON clearpoint.snapshots (project, user_name, session_id, requests DESC, seq DESC);
CREATE INDEX snapshots_received ON clearpoint.snapshots (project, received_at DESC);

CREATE TABLE clearpoint.requests (
  user_name name NOT NULL DEFAULT current_user,
  id text NOT NULL,
  project text NOT NULL,
  session_id text NOT NULL,
  at timestamptz,
  model text NOT NULL,
  input bigint NOT NULL,
  written bigint NOT NULL,
  read bigint NOT NULL,
  output bigint NOT NULL,
  PRIMARY KEY (user_name, id)
);
CREATE INDEX requests_at ON clearpoint.requests (project, at);

CREATE TABLE clearpoint.passages (
  user_name name NOT NULL DEFAULT current_user,
  project text NOT NULL,
  session_id text NOT NULL,
  turn bigint NOT NULL,
  number bigint NOT NULL,
  kind text NOT NULL,
  at timestamptz,
  body text NOT NULL,
  words tsvector GENERATED ALWAYS AS (to_tsvector('english', body)) STORED,
  PRIMARY KEY (user_name, session_id, number)
);
CREATE INDEX passages_words ON clearpoint.passages USING gin (words);

-- One's own rows can be written; those of the projects that one is a member of can be read.
ALTER TABLE clearpoint.snapshots ENABLE ROW LEVEL SECURITY;
ALTER TABLE clearpoint.requests ENABLE ROW LEVEL SECURITY;
ALTER TABLE clearpoint.passages ENABLE ROW LEVEL SECURITY;
ALTER TABLE clearpoint.members ENABLE ROW LEVEL SECURITY;

CREATE POLICY own ON clearpoint.members FOR SELECT USING (member = current_user);
CREATE POLICY own ON clearpoint.snapshots USING (user_name = current_user) WITH CHECK (user_name = current_user);
CREATE POLICY own ON clearpoint.requests USING (user_name = current_user) WITH CHECK (user_name = current_user);
CREATE POLICY own ON clearpoint.passages USING (user_name = current_user) WITH CHECK (user_name = current_user);
CREATE POLICY team ON clearpoint.snapshots FOR SELECT
  USING (project IN (SELECT m.project FROM clearpoint.members m WHERE m.member = current_user));
CREATE POLICY team ON clearpoint.requests FOR SELECT
  USING (project IN (SELECT m.project FROM clearpoint.members m WHERE m.member = current_user));
CREATE POLICY team ON clearpoint.passages FOR SELECT
  USING (project IN (SELECT m.project FROM clearpoint.members m WHERE m.member = current_user));

GRANT USAGE ON SCHEMA clearpoint TO clearpoint_users;
GRANT SELECT ON clearpoint.members, clearpoint.migrations TO clearpoint_users;
GRANT SELECT, INSERT, UPDATE ON clearpoint.snapshots, clearpoint.requests, clearpoint.passages TO clearpoint_users;
