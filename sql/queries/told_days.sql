-- Remembers that events of days came that have no tables of their own. $1: date[], each once
INSERT INTO day_told AS d (day)
SELECT * FROM unnest($1::date[])
ON CONFLICT (day) DO UPDATE SET told_at = now() WHERE d.told_at < now() - interval '10 minutes'
