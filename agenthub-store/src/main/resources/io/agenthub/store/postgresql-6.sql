ALTER TABLE chain ADD COLUMN summed bigint NOT NULL DEFAULT 0;

UPDATE chain SET summed = head;

-- Several write here, so none may put sums off; and one of an earlier version that is still connected is turned away.
ALTER TABLE chain ADD CONSTRAINT chain_summed CHECK (summed = head);
