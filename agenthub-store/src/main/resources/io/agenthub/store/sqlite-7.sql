CREATE TABLE segment (
  first INTEGER PRIMARY KEY,
  last INTEGER NOT NULL,
  data BLOB NOT NULL
);

CREATE TABLE request_ids (
  stretch INTEGER PRIMARY KEY,
  filter BLOB NOT NULL
);

DROP TABLE bit;
