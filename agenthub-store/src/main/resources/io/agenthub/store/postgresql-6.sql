ALTER TABLE chain ADD COLUMN summed bigint NOT NULL DEFAULT 0;

UPDATE chain SET summed = head;
