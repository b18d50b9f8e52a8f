-- A copy of the database must neither renew the tokens of the original, which would
-- cut that off, nor book anything.
UPDATE exact_connection
   SET state = 'disconnected',
       access_token = NULL,
       refresh_token = NULL,
       issued_at = NULL;
UPDATE res_company
   SET exact_client_secret = NULL;
