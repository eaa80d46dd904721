-- Revokes a share link. $1: share_id -> site, name; no row if there is none, or if it was revoked before
UPDATE share_link SET revoked_at = now() WHERE share_id = $1::bigint AND revoked_at IS NULL RETURNING site_id, name
