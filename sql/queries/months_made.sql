-- Which months are made. $1: int[] site ids, $2: date[] first days. -> site_id, first day
SELECT m.site_id, m.bucket
FROM unnest($1::int[], $2::date[]) AS w(site_id, bucket) JOIN rollup_month_made m USING (site_id, bucket)
