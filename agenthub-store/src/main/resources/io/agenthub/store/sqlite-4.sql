CREATE TABLE rollup_day (
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

CREATE TABLE cube_day (
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

INSERT INTO rollup_day
SELECT dim, (slot - CASE WHEN slot < 0 THEN 23 ELSE 0 END) / 24, kind, a, b, sum(n), sum(failed), sum(nanos), sum(bytes_in), sum(bytes_out)
FROM rollup
GROUP BY 1, 2, 3, 4, 5;

INSERT INTO cube_day
SELECT (slot - CASE WHEN slot < 0 THEN 23 ELSE 0 END) / 24, kind, outcome, server, client, method, tool, status, sum(n), sum(failed), sum(nanos), sum(bytes_in),
  sum(bytes_out)
FROM cube
GROUP BY 1, 2, 3, 4, 5, 6, 7, 8;
