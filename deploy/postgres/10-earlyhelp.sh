#!/bin/sh
# Once, when the database is first made: the application's own role. It is no superuser, and may not pass by row-level
# security; it owns its database, so that it can migrate it.
set -eu
psql --set ON_ERROR_STOP=1 --username postgres --no-psqlrc <<'SQL'
\set password `cat /run/secrets/database_password`
CREATE ROLE earlyhelp LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS PASSWORD :'password';
CREATE DATABASE earlyhelp OWNER earlyhelp;
REVOKE CONNECT, TEMPORARY ON DATABASE earlyhelp FROM PUBLIC;
SQL
