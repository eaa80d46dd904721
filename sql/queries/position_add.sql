-- Begins the positions of segments that were never seen. $1: uuid[]
INSERT INTO spool_position (segment, off) SELECT segment, 0 FROM unnest($1::uuid[]) AS segment
ON CONFLICT (segment) DO NOTHING
