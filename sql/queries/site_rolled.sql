-- The first local day of which all dimensions of a site are rolled up. $1: site_id -> date; null: all days
SELECT rolled_since FROM site WHERE site_id = $1
