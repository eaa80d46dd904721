-- Removes a user, and with them their sessions. $1: login -> role; no row if there is none
DELETE FROM account WHERE login = $1 RETURNING role
