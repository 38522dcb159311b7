CREATE TABLE cube (
  slot INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  outcome INTEGER NOT NULL,
  server INTEGER NOT NULL,
  client INTEGER NOT NULL,
  method INTEGER NOT NULL,
  tool INTEGER NOT NULL,
  status INTEGER NOT NULL,
  n INTEGER NOT NULL,
  failed INTEGER NOT NULL,
  nanos INTEGER NOT NULL,
  bytes_in INTEGER NOT NULL,
  bytes_out INTEGER NOT NULL,
  PRIMARY KEY (slot, kind, outcome, server, client, method, tool, status)
) WITHOUT ROWID;

INSERT INTO cube
SELECT at / 3600000000, kind, outcome, coalesce(server, 0), coalesce(client, 0), coalesce(method, 0),
  coalesce(tool, 0), coalesce(status, 0), count(*), sum(CASE WHEN outcome = 1 THEN 0 ELSE 1 END), sum(nanos),
  sum(bytes_in), sum(bytes_out)
FROM activity
GROUP BY 1, 2, 3, 4, 5, 6, 7, 8;
