CREATE TABLE segment (
  first bigint PRIMARY KEY,
  last bigint NOT NULL,
  data bytea NOT NULL
);

CREATE TABLE request_ids (
  stretch bigint PRIMARY KEY,
  filter bytea NOT NULL
);
