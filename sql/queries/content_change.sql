-- New details of items that nobody manages; an empty one leaves what is stored. $1: int[] site ids, $2: bigint[] content ids, $3: text[]
-- titles, $4: text[] URLs, $5: text[] owners
UPDATE content c SET
    title = CASE WHEN w.title = '' THEN c.title ELSE w.title END,
    url = CASE WHEN w.url = '' THEN c.url ELSE w.url END,
    owner = CASE WHEN w.owner = '' THEN c.owner ELSE w.owner END
FROM unnest($1::int[], $2::bigint[], $3::text[], $4::text[], $5::text[]) AS w(site_id, content_id, title, url, owner)
WHERE c.site_id = w.site_id AND c.content_id = w.content_id AND NOT c.managed
