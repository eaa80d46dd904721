-- Deletes all that is kept of a site that was taken away. $1: site -> a row
WITH d1 AS (
    DELETE FROM content_counter WHERE site_id = $1::int),
d2 AS (
    DELETE FROM content_day WHERE site_id = $1::int),
d3 AS (
    DELETE FROM content_day_by WHERE site_id = $1::int),
d4 AS (
    DELETE FROM content_hour WHERE site_id = $1::int),
d5 AS (
    DELETE FROM content_list WHERE site_id = $1::int),
d6 AS (
    DELETE FROM content_month WHERE site_id = $1::int),
d7 AS (
    DELETE FROM content_week WHERE site_id = $1::int),
d8 AS (
    DELETE FROM content_reach WHERE site_id = $1::int),
d9 AS (
    DELETE FROM content_related WHERE site_id = $1::int),
d10 AS (
    DELETE FROM content_together WHERE site_id = $1::int),
d11 AS (
    DELETE FROM content_watched WHERE site_id = $1::int),
d12 AS (
    DELETE FROM content_window WHERE site_id = $1::int),
d13 AS (
    DELETE FROM drain_count WHERE site_id = $1::int),
d14 AS (
    DELETE FROM event WHERE site_id = $1::int),
d15 AS (
    DELETE FROM visit WHERE site_id = $1::int),
d16 AS (
    DELETE FROM event_told WHERE site_id = $1::int),
d17 AS (
    DELETE FROM import_seen WHERE site_id = $1::int),
d18 AS (
    DELETE FROM label WHERE site_id = $1::int),
d19 AS (
    DELETE FROM label_day WHERE site_id = $1::int),
d20 AS (
    DELETE FROM page_title WHERE site_id = $1::int),
d21 AS (
    DELETE FROM rollup_day WHERE site_id = $1::int),
d22 AS (
    DELETE FROM rollup_hour WHERE site_id = $1::int),
d23 AS (
    DELETE FROM rollup_month WHERE site_id = $1::int),
d24 AS (
    DELETE FROM rollup_week WHERE site_id = $1::int),
d25 AS (
    DELETE FROM day_told WHERE site_id = $1::int)
DELETE FROM site_removed WHERE site_id = $1::int RETURNING site_id
