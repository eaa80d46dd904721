-- All purges, newest first. No parameters. -> purge_id, domain, rule, from, to, visits, events, applied_at, undone_at
SELECT p.purge_id, s.domain, p.rule, p.from_at, p.to_at, p.visits, p.events, p.applied_at, p.undone_at
FROM purge p JOIN site s USING (site_id)
ORDER BY p.purge_id DESC
