-- The items of strict sites, which the collector must know. No parameters.
SELECT c.site_id, c.kind, c.key
FROM content c
JOIN site s USING (site_id)
WHERE s.strict AND c.removed_at IS NULL
ORDER BY c.site_id, c.kind, c.key
