-- The people and rules around the leads. Variables: leads, companies.
--
-- Ids are numbers written in decimal where hexadecimal digits stand, the kind of thing in front, so that a load script computes the id of
-- the n-th thing without asking for it.
CREATE SCHEMA bench;

CREATE FUNCTION bench.id(kind bigint, number bigint) RETURNS uuid LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN lpad((kind * 1000000000000 + number)::text, 32, '0')::uuid;

-- An id as the API and stored documents write it.
CREATE FUNCTION bench.typed(prefix text, id uuid) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (
    SELECT prefix || '_' || string_agg(
        substr('0123456789abcdefghjkmnpqrstvwxyz', substring(bits FROM 5 * place + 1 FOR 5)::bit(5)::int + 1, 1), '' ORDER BY place
    )
    FROM generate_series(0, 25) AS place, (SELECT B'00' || ('x' || replace(id::text, '-', ''))::bit(128) AS bits) AS spelled
);

-- A number from 0 up to 1 that looks like chance and is the same in every run.
CREATE FUNCTION bench.draw(number bigint, salt bigint) RETURNS double precision LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (hashint8extended(number, salt) & 1048575) / 1048576.0;

CREATE FUNCTION bench.bucket(seconds bigint) RETURNS smallint LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN seconds <= 60 THEN 0 ELSE floor(ln(seconds / 60.0::float8) / 0.02) + 1 END;

CREATE FUNCTION bench.rank(fit int, engagement int) RETURNS int LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (9 - 3 * (CASE WHEN fit >= 70 THEN 0 WHEN fit >= 40 THEN 1 ELSE 2 END)
    - CASE WHEN engagement >= 70 THEN 0 WHEN engagement >= 40 THEN 1 ELSE 2 END) * 100000 + fit * 200 + engagement;

CREATE FUNCTION bench.grade(fit int, engagement int) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN fit >= 70 THEN 'A' WHEN fit >= 40 THEN 'B' ELSE 'C' END || CASE WHEN engagement >= 70 THEN '1' WHEN engagement >= 40 THEN '2' ELSE '3' END;

CREATE FUNCTION bench.tier(grade text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN grade = 'A1' THEN 'HOT' WHEN grade IN ('A2', 'B1') THEN 'WARM' WHEN grade IN ('A3', 'B2', 'C1') THEN 'STANDARD' ELSE 'WEAK' END;

CREATE FUNCTION bench.json_time(at timestamptz) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
    RETURN to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"');

SET session_replication_role = replica; -- rows that are right by their making are not checked one by one

-- Three departments of four teams with four colleagues each: team 10 d + c, colleague 100 d + 4 k + c, where c is the country.
CREATE TABLE bench.country AS SELECT * FROM (VALUES (0, 'DE', 'de'), (1, 'AT', 'de'), (2, 'CH', 'fr'), (3, 'FR', 'fr')) AS c (c, code, language);
CREATE TABLE bench.department AS SELECT * FROM (VALUES (0, 'MARKETING'), (1, 'INSIDE_SALES'), (2, 'FIELD_SALES')) AS d (d, code);

INSERT INTO team (id, version, key, name, department, countries, time_zone, created_at, updated_at)
SELECT bench.id(5, 10 * d + c), 1, lower(replace(department.code, '_', '-') || '-' || country.code), department.code || ' ' || country.code,
    department.code, '["' || country.code || '"]', 'Europe/Berlin', now(), now()
FROM bench.department, bench.country;

INSERT INTO user_account (id, version, email, email_key, name, role, rank, language, languages, country, seniority, status, created_at, updated_at)
SELECT bench.id(4, 100 * d + m), 1, address, address, 'Colleague ' || 100 * d + m, department.code, 'MEMBER', country.language, '[]', country.code,
    'SENIOR', 'ACTIVE', now(), now()
FROM bench.department, generate_series(0, 15) AS m JOIN bench.country ON c = m % 4, LATERAL (SELECT 'colleague' || 100 * d + m || '@bench.example') AS a (address);

INSERT INTO team_member (team_id, user_id, rank)
SELECT bench.id(5, 10 * d + m % 4), bench.id(4, 100 * d + m), 'MEMBER' FROM bench.department, generate_series(0, 15) AS m;

-- Those who sign in: the manager of marketing, a colleague of inside sales in all its teams.
INSERT INTO team_member (team_id, user_id, rank)
SELECT team.id, user_account.id, CASE rank WHEN 'MANAGER' THEN 'MANAGER' ELSE 'MEMBER' END
FROM team JOIN user_account ON user_account.role = team.department
WHERE user_account.email_key LIKE '%@signs-in.example';

INSERT INTO campaign (id, version, key, name, channel, targeting, goal_marketing_leads, goal_sales_leads, created_at, updated_at)
SELECT bench.id(11, i), 1, 'campaign-' || i, 'Campaign ' || i, (ARRAY['EVENT', 'EMAIL', 'PAID_SEARCH', 'CONTENT'])[i % 4 + 1], 'BROAD', 1000, 200, now(), now()
FROM generate_series(0, 39) AS i;

INSERT INTO company (id, version, name, name_key, country, postal_code, city, industry, employees, created_at, updated_at)
SELECT bench.id(3, i), 1, 'Werk ' || i || ' GmbH', 'werk ' || i, code, CASE WHEN c IN (0, 3) THEN '80331' ELSE '8001' END, 'Ort ' || i % 500,
    'machinery', 10 + i % 5000, now() - interval '700 days', now() - make_interval(secs => i)
FROM generate_series(1, :companies) AS i JOIN bench.country ON c = i % 4;

INSERT INTO person (id, version, given_name, family_name, email, email_key, phone, language, country, job_title, company_id, consents, created_at, updated_at)
SELECT bench.id(2, i), 1, 'Vera' || i % 100, 'Muster' || i % 5000, address, address, '+498912345678', language, code, 'Einkauf',
    bench.id(3, (i - 1) % :companies + 1),
    '[{"purpose":"SALES_CONTACT","channel":"EMAIL","status":"GRANTED","recorded_at":"2026-01-01T00:00:00Z"}]',
    now() - interval '700 days', now() - make_interval(secs => i)
FROM generate_series(1, :leads) AS i JOIN bench.country ON c = i % 4, LATERAL (SELECT 'p' || i || '@bench.example') AS a (address);

INSERT INTO search_token (token, kind, subject_id)
SELECT 'vera' || i % 100, 1, bench.id(2, i) FROM generate_series(1, :leads) AS i UNION ALL
SELECT 'muster' || i % 5000, 1, bench.id(2, i) FROM generate_series(1, :leads) AS i UNION ALL
SELECT 'werk', 2, bench.id(3, i) FROM generate_series(1, :companies) AS i UNION ALL
SELECT i::text, 2, bench.id(3, i) FROM generate_series(1, :companies) AS i UNION ALL
SELECT 'gmbh', 2, bench.id(3, i) FROM generate_series(1, :companies) AS i;

-- Keys of duplicates are of no concern here: a server that found people without any would go through all of them first.
INSERT INTO setting (key, value) VALUES ('match_key.rematched', '{"pass":"Done","place":{"person":null,"company":null}}')
ON CONFLICT (key) DO UPDATE SET value = excluded.value;
