-- The tables stay as they are, but segments may be of a form from here on that earlier versions do not know.
PRAGMA user_version = 9;
