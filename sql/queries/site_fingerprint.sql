-- Changes when a site or an API key changes, or an item of a strict site comes or goes. No parameters.
SELECT md5(coalesce(string_agg(s::text, ',' ORDER BY site_id), '') || ' ' ||
           (SELECT coalesce(string_agg(k::text, ',' ORDER BY key_id), '') FROM api_key k)) || ' ' ||
       (SELECT count(*) || ' ' || coalesce(max(content_id), 0)
        FROM content JOIN site USING (site_id) WHERE strict AND removed_at IS NULL)
FROM site s
