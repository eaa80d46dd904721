-- A new API key. $1: token hash, $2: name, $3: site or null for all, $4: scopes, space separated, $5: when it expires or null
INSERT INTO api_key (token_hash, name, site_id, scopes, expires_at) VALUES ($1, $2, $3, $4, $5)
