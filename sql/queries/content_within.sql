-- Which of some items a narrowed guest may see, in their order. $1: site, $2: kinds, $3: keys, $4: owner or null,
-- $5: collection or null (the item is in it now), $6: kind or null -> yes or no; an unknown item: no
SELECT EXISTS (
    SELECT FROM content c
    WHERE c.site_id = $1::int AND c.kind = i.kind AND c.key = i.key
        AND ($4::text IS NULL OR c.owner = $4) AND ($5::text IS NULL OR c.collection = $5)
        AND ($6::text IS NULL OR c.kind = $6))
FROM unnest($2::text[], $3::text[]) WITH ORDINALITY AS i (kind, key, at)
ORDER BY at
