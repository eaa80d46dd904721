-- Adds a batch's sums to months that are made of items. $1: int[] site ids, $2: date[] buckets, $3: bigint[] content ids, $4:
-- boolean[] signed in, then bigint[]: $5 pageviews, $6 views, $7 events, $8 engaged_ms, $9 uniques, $10 qualified, $11
-- impressions, $12 clicks, $13 plays, $14 completions, $15 reactions, $16 comments, $17 shares, $18 follows; $19:
-- bytea[] sketches of visitors. Keys must be distinct
INSERT INTO content_month AS r (site_id, bucket, content_id, auth, pageviews, views, events, engaged_ms, uniques,
    qualified, impressions, clicks, plays, completions, reactions, comments, shares, follows, visitors)
SELECT w.site_id, w.bucket, w.content_id, w.auth, w.pageviews, w.views, w.events, w.engaged_ms, w.uniques,
    w.qualified, w.impressions, w.clicks, w.plays, w.completions, w.reactions, w.comments, w.shares, w.follows,
    w.visitors::hll
FROM unnest($1::int[], $2::date[], $3::bigint[], $4::boolean[], $5::bigint[], $6::bigint[], $7::bigint[],
    $8::bigint[], $9::bigint[], $10::bigint[], $11::bigint[], $12::bigint[], $13::bigint[], $14::bigint[],
    $15::bigint[], $16::bigint[], $17::bigint[], $18::bigint[], $19::bytea[])
    AS w(site_id, bucket, content_id, auth, pageviews, views, events, engaged_ms, uniques, qualified, impressions,
        clicks, plays, completions, reactions, comments, shares, follows, visitors)
ON CONFLICT (site_id, bucket, content_id, auth) DO UPDATE SET
    pageviews = r.pageviews + excluded.pageviews,
    views = r.views + excluded.views,
    events = r.events + excluded.events,
    engaged_ms = r.engaged_ms + excluded.engaged_ms,
    uniques = r.uniques + excluded.uniques,
    qualified = r.qualified + excluded.qualified,
    impressions = r.impressions + excluded.impressions,
    clicks = r.clicks + excluded.clicks,
    plays = r.plays + excluded.plays,
    completions = r.completions + excluded.completions,
    reactions = r.reactions + excluded.reactions,
    comments = r.comments + excluded.comments,
    shares = r.shares + excluded.shares,
    follows = r.follows + excluded.follows,
    visitors = CASE WHEN hll_type(excluded.visitors) <> 1 THEN hll_union(r.visitors, excluded.visitors)
        ELSE r.visitors END
