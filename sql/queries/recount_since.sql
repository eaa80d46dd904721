-- First local day of a site whose figures can be counted anew. $1: site, $2: first UTC day that is kept. -> day
SELECT greatest($2::date, rolled_since) FROM site WHERE site_id = $1::int
