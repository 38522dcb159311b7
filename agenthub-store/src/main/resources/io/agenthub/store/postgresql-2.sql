CREATE TABLE rollup_day (
  dim smallint NOT NULL,
  slot bigint NOT NULL,
  kind smallint NOT NULL,
  a bigint NOT NULL,
  b bigint NOT NULL,
  n bigint NOT NULL,
  failed bigint NOT NULL,
  nanos bigint NOT NULL,
  bytes_in bigint NOT NULL,
  bytes_out bigint NOT NULL,
  PRIMARY KEY (dim, slot, kind, a, b)
);

CREATE TABLE cube_day (
  slot bigint NOT NULL,
  kind smallint NOT NULL,
  outcome bigint NOT NULL,
  server bigint NOT NULL,
  client bigint NOT NULL,
  method bigint NOT NULL,
  tool bigint NOT NULL,
  status smallint NOT NULL,
  n bigint NOT NULL,
  failed bigint NOT NULL,
  nanos bigint NOT NULL,
  bytes_in bigint NOT NULL,
  bytes_out bigint NOT NULL,
  PRIMARY KEY (slot, kind, outcome, server, client, method, tool, status)
);

INSERT INTO rollup_day
SELECT dim, (slot - CASE WHEN slot < 0 THEN 23 ELSE 0 END) / 24, kind, a, b, sum(n), sum(failed), sum(nanos), sum(bytes_in), sum(bytes_out)
FROM rollup
GROUP BY 1, 2, 3, 4, 5;

INSERT INTO cube_day
SELECT (slot - CASE WHEN slot < 0 THEN 23 ELSE 0 END) / 24, kind, outcome, server, client, method, tool, status, sum(n), sum(failed), sum(nanos), sum(bytes_in),
  sum(bytes_out)
FROM cube
GROUP BY 1, 2, 3, 4, 5, 6, 7, 8;
