-- How many new texts events of some days brought already. $1: int[] site ids, $2: date[], each pair once. -> place in the
-- arrays from 1, paths, others; of those that have any
SELECT w.n, d.paths, d.others
FROM unnest($1::int[], $2::date[]) WITH ORDINALITY AS w(site_id, day, n)
JOIN label_day d ON d.site_id = w.site_id AND d.day = w.day
