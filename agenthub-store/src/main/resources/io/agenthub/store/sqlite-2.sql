ALTER TABLE activity ADD COLUMN request_hash BLOB;
