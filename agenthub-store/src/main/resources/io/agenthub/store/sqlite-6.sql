CREATE TABLE facet (
  dim INTEGER NOT NULL,
  value INTEGER NOT NULL,
  block INTEGER NOT NULL,
  m0 INTEGER NOT NULL,
  m1 INTEGER NOT NULL,
  m2 INTEGER NOT NULL,
  m3 INTEGER NOT NULL,
  PRIMARY KEY (dim, value, block)
) WITHOUT ROWID;
CREATE INDEX facet_block ON facet (block);

CREATE TABLE bit (
  n INTEGER PRIMARY KEY,
  mask INTEGER NOT NULL
);
INSERT INTO bit
WITH RECURSIVE number (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM number WHERE n < 63)
SELECT n, 1 << n FROM number;

INSERT INTO facet
WITH marked (dim, value, seq) AS (
  SELECT 1, outcome, seq FROM activity
  UNION ALL SELECT 2, server, seq FROM activity WHERE server IS NOT NULL
  UNION ALL SELECT 3, client, seq FROM activity WHERE client IS NOT NULL
  UNION ALL SELECT 4, tool, seq FROM activity WHERE tool IS NOT NULL
  UNION ALL SELECT 5, method, seq FROM activity WHERE method IS NOT NULL
  UNION ALL SELECT 6, status, seq FROM activity WHERE status IS NOT NULL
  UNION ALL SELECT 8, kind, seq FROM activity WHERE kind <> 0
  UNION ALL SELECT 9, detail, seq FROM activity WHERE detail IS NOT NULL
)
SELECT dim, value, seq / 256,
  sum(CASE WHEN seq % 256 / 64 = 0 THEN 1 << (seq % 64) ELSE 0 END),
  sum(CASE WHEN seq % 256 / 64 = 1 THEN 1 << (seq % 64) ELSE 0 END),
  sum(CASE WHEN seq % 256 / 64 = 2 THEN 1 << (seq % 64) ELSE 0 END),
  sum(CASE WHEN seq % 256 / 64 = 3 THEN 1 << (seq % 64) ELSE 0 END)
FROM marked
GROUP BY 1, 2, 3;

DROP INDEX activity_client;
DROP INDEX activity_server;
DROP INDEX activity_method;
DROP INDEX activity_tool;
DROP INDEX activity_outcome;
DROP INDEX activity_status;
DROP INDEX activity_detail;
DROP INDEX activity_kind;
