-- Which clients' event ids were stored before? $1: site id, $2: uuid[] in ascending order, $3, $4: from and to, so that few
-- partitions are asked. -> the ids, in the same order
SELECT w.event_id FROM unnest($2::uuid[]) AS w(event_id)
WHERE (SELECT true FROM event e
       WHERE e.site_id = $1 AND e.event_id = w.event_id AND (e.flags & 1) <> 0 AND e.ts BETWEEN $3 AND $4
       LIMIT 1)
