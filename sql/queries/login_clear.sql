-- A sign-in succeeded: the account's failures are forgotten, those of the address stay. $1: account's subject
DELETE FROM login_failure WHERE subject = $1
