CREATE TABLE facet (
  dim smallint NOT NULL,
  value bigint NOT NULL,
  block bigint NOT NULL,
  m0 bigint NOT NULL,
  m1 bigint NOT NULL,
  m2 bigint NOT NULL,
  m3 bigint NOT NULL,
  PRIMARY KEY (dim, value, block)
);
CREATE INDEX facet_block ON facet (block);

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
  coalesce(bit_or(1::bigint << (seq % 64)::int) FILTER (WHERE seq % 256 / 64 = 0), 0),
  coalesce(bit_or(1::bigint << (seq % 64)::int) FILTER (WHERE seq % 256 / 64 = 1), 0),
  coalesce(bit_or(1::bigint << (seq % 64)::int) FILTER (WHERE seq % 256 / 64 = 2), 0),
  coalesce(bit_or(1::bigint << (seq % 64)::int) FILTER (WHERE seq % 256 / 64 = 3), 0)
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
