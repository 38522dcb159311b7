DROP TABLE cube;

CREATE TABLE cube (
  slot bigint NOT NULL,
  kind smallint NOT NULL,
  outcome bigint NOT NULL,
  server bigint NOT NULL,
  client bigint NOT NULL,
  method bigint NOT NULL,
  tool bigint NOT NULL,
  detail bigint NOT NULL,
  status smallint NOT NULL,
  n bigint NOT NULL,
  failed bigint NOT NULL,
  nanos bigint NOT NULL,
  bytes_in bigint NOT NULL,
  bytes_out bigint NOT NULL,
  PRIMARY KEY (slot, kind, outcome, server, client, method, tool, detail, status)
);

DROP TABLE cube_day;

CREATE TABLE cube_day (
  slot bigint NOT NULL,
  kind smallint NOT NULL,
  outcome bigint NOT NULL,
  server bigint NOT NULL,
  client bigint NOT NULL,
  method bigint NOT NULL,
  tool bigint NOT NULL,
  detail bigint NOT NULL,
  status smallint NOT NULL,
  n bigint NOT NULL,
  failed bigint NOT NULL,
  nanos bigint NOT NULL,
  bytes_in bigint NOT NULL,
  bytes_out bigint NOT NULL,
  PRIMARY KEY (slot, kind, outcome, server, client, method, tool, detail, status)
);

INSERT INTO cube
SELECT (at - CASE WHEN at < 0 THEN 3599999999 ELSE 0 END) / 3600000000, kind, outcome, coalesce(server, 0), coalesce(client, 0),
  coalesce(method, 0), coalesce(tool, 0), coalesce(detail, 0), coalesce(status, 0), count(*),
  sum(CASE WHEN outcome = 1 THEN 0 ELSE 1 END), sum(nanos), sum(bytes_in), sum(bytes_out)
FROM activity
GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9;

INSERT INTO cube_day
SELECT (slot - CASE WHEN slot < 0 THEN 23 ELSE 0 END) / 24, kind, outcome, server, client, method, tool, detail, status, sum(n), sum(failed),
  sum(nanos), sum(bytes_in), sum(bytes_out)
FROM cube
GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9;
