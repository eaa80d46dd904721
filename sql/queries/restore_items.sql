-- Items of rows that are brought back, where they are not known. $1: site, $2: text[] of rows as JSON objects
INSERT INTO content (site_id, kind, key)
SELECT DISTINCT $1::int, j.line::jsonb ->> 'item_kind', j.line::jsonb ->> 'item_key' FROM unnest($2::text[]) AS j(line)
WHERE j.line::jsonb ->> 'item_key' IS NOT NULL
ON CONFLICT (site_id, kind, key) DO NOTHING
