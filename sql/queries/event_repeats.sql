-- Which clients' event ids were stored before? $1: int[] site ids, $2: uuid[] event ids, $3, $4: from and to, so that
-- few partitions are asked. -> places in the arrays from 1
SELECT w.n FROM unnest($1::int[], $2::uuid[]) WITH ORDINALITY AS w(site_id, event_id, n)
WHERE (SELECT true FROM event e
       WHERE e.site_id = w.site_id AND e.event_id = w.event_id AND (e.flags & 1) <> 0 AND e.ts BETWEEN $3 AND $4
       LIMIT 1)
