CREATE TABLE name (
  id INTEGER PRIMARY KEY,
  hash BLOB NOT NULL,
  text TEXT NOT NULL
);
CREATE UNIQUE INDEX name_hash ON name (hash);

CREATE TABLE activity (
  seq INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  client INTEGER,
  peer TEXT,
  server INTEGER,
  method INTEGER,
  tool INTEGER,
  era TEXT,
  outcome INTEGER NOT NULL,
  status INTEGER,
  nanos INTEGER NOT NULL,
  latency INTEGER NOT NULL,
  bytes_in INTEGER NOT NULL,
  bytes_out INTEGER NOT NULL,
  request_id TEXT,
  breaker INTEGER,
  detail INTEGER,
  request TEXT,
  response TEXT,
  hash BLOB NOT NULL
);
CREATE INDEX activity_client ON activity (client) WHERE client IS NOT NULL;
CREATE INDEX activity_server ON activity (server) WHERE server IS NOT NULL;
CREATE INDEX activity_method ON activity (method) WHERE method IS NOT NULL;
CREATE INDEX activity_tool ON activity (tool) WHERE tool IS NOT NULL;
CREATE INDEX activity_outcome ON activity (outcome);
CREATE INDEX activity_status ON activity (status) WHERE status IS NOT NULL;
CREATE INDEX activity_request ON activity (request_id) WHERE request_id IS NOT NULL;
CREATE INDEX activity_detail ON activity (detail) WHERE detail IS NOT NULL;
CREATE INDEX activity_kind ON activity (kind) WHERE kind <> 0;

CREATE TABLE rollup (
  dim INTEGER NOT NULL,
  slot INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  a INTEGER NOT NULL,
  b INTEGER NOT NULL,
  n INTEGER NOT NULL,
  failed INTEGER NOT NULL,
  nanos INTEGER NOT NULL,
  bytes_in INTEGER NOT NULL,
  bytes_out INTEGER NOT NULL,
  PRIMARY KEY (dim, slot, kind, a, b)
) WITHOUT ROWID;

CREATE TABLE span (
  slot INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  least INTEGER NOT NULL,
  most INTEGER NOT NULL,
  n INTEGER NOT NULL,
  failed INTEGER NOT NULL,
  PRIMARY KEY (slot, kind)
) WITHOUT ROWID;

CREATE TABLE chain (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  head INTEGER NOT NULL,
  head_at INTEGER NOT NULL,
  head_hash BLOB NOT NULL,
  anchor INTEGER NOT NULL,
  anchor_at INTEGER NOT NULL,
  anchor_hash BLOB NOT NULL,
  seal BLOB NOT NULL,
  names_epoch INTEGER NOT NULL
);
