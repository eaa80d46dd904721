-- Makes sure of the label that stands for what is beyond a cap. $1: site
INSERT INTO label (site_id, value) VALUES ($1::int, '(other)') ON CONFLICT (site_id, value) DO NOTHING
