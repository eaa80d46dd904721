-- Texts of rows that are brought back, where they have no label yet. $1: site, $2: text[] of rows as JSON objects, $3: text[] of
-- the columns that are labels
INSERT INTO label (site_id, value)
SELECT DISTINCT $1::int, e.value FROM unnest($2::text[]) AS j(line), jsonb_each_text(j.line::jsonb) AS e(key, value)
WHERE e.key = ANY ($3::text[]) AND e.value IS NOT NULL
UNION
SELECT $1::int, t.value
FROM unnest($2::text[]) AS j(line), jsonb_array_elements_text((j.line::jsonb ->> 'traits')::jsonb) WITH ORDINALITY AS t(value, i)
WHERE t.i <= 15 AND t.value IS NOT NULL
ON CONFLICT (site_id, value) DO NOTHING
