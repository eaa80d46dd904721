-- Adds a batch's sums to the hours of items. $1: int[] site ids, $2: timestamptz[] buckets, $3: bigint[] content
-- ids, $4: boolean[] signed in, then bigint[]: $5 pageviews, $6 views, $7 events, $8 engaged_ms, $9 uniques, $10
-- qualified, $11 impressions, $12 clicks, $13 plays, $14 completions, $15 reactions, $16 comments, $17 shares, $18
-- follows; $19: bytea[] sketches of visitors. Keys must be distinct
MERGE INTO content_hour AS r
USING
    (SELECT unnest($1::int[]) AS site_id, unnest($2::timestamptz[]) AS bucket, unnest($3::bigint[]) AS content_id,
    unnest($4::boolean[]) AS auth, unnest($5::bigint[]) AS pageviews, unnest($6::bigint[]) AS views,
    unnest($7::bigint[]) AS events, unnest($8::bigint[]) AS engaged_ms, unnest($9::bigint[]) AS uniques,
    unnest($10::bigint[]) AS qualified, unnest($11::bigint[]) AS impressions, unnest($12::bigint[]) AS clicks,
    unnest($13::bigint[]) AS plays, unnest($14::bigint[]) AS completions, unnest($15::bigint[]) AS reactions,
    unnest($16::bigint[]) AS comments, unnest($17::bigint[]) AS shares, unnest($18::bigint[]) AS follows,
    unnest($19::bytea[]) AS visitors) AS w
ON r.site_id = w.site_id AND r.bucket = w.bucket AND r.content_id = w.content_id AND r.auth = w.auth
WHEN MATCHED THEN UPDATE SET
    pageviews = r.pageviews + w.pageviews,
    views = r.views + w.views,
    events = r.events + w.events,
    engaged_ms = r.engaged_ms + w.engaged_ms,
    uniques = r.uniques + w.uniques,
    qualified = r.qualified + w.qualified,
    impressions = r.impressions + w.impressions,
    clicks = r.clicks + w.clicks,
    plays = r.plays + w.plays,
    completions = r.completions + w.completions,
    reactions = r.reactions + w.reactions,
    comments = r.comments + w.comments,
    shares = r.shares + w.shares,
    follows = r.follows + w.follows,
    visitors = CASE WHEN octet_length(w.visitors) > 3 THEN hll_union(r.visitors, w.visitors::hll) ELSE r.visitors END
WHEN NOT MATCHED THEN INSERT
    (site_id, bucket, content_id, auth, pageviews, views, events, engaged_ms, uniques, qualified, impressions, clicks,
    plays, completions, reactions, comments, shares, follows, visitors)
VALUES
    (w.site_id, w.bucket, w.content_id, w.auth, w.pageviews, w.views, w.events, w.engaged_ms, w.uniques, w.qualified,
    w.impressions, w.clicks, w.plays, w.completions, w.reactions, w.comments, w.shares, w.follows, w.visitors::hll)
