-- A copy of the database must neither renew the tokens of the original, which would
-- cut that off, nor book anything.
UPDATE exact_connection
   SET state = 'disconnected',
       login_id = NULL;
DELETE FROM exact_login;
UPDATE res_company
   SET exact_app_secret = NULL;
