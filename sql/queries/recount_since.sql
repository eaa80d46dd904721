-- First local day of a site whose figures can be counted anew. $1: site, $2: first UTC day that is kept. -> day, is that because
-- earlier rows, from before an upgrade, lack what later ones have
SELECT greatest($2::date, rolled_since), coalesce(rolled_since > $2::date, false) FROM site WHERE site_id = $1::int
