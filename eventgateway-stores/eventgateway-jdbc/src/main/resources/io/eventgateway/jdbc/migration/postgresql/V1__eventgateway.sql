-- EventGateway, version 1 of its tables, for PostgreSQL 13 and later.
-- ${prefix} is put before each name: a schema and a dot, a prefix, or both. Times are microseconds since 1970, by the database's clock.
-- All text is compared by its code points, in whatever locale the database is: pages and type patterns go by that.

CREATE SEQUENCE ${prefix}event_position AS BIGINT;

CREATE TABLE ${prefix}event (
  position       BIGINT NOT NULL PRIMARY KEY,
  recorded_at    BIGINT NOT NULL,
  space          TEXT COLLATE "C" NOT NULL,
  event_id       TEXT COLLATE "C" NOT NULL,
  source         TEXT COLLATE "C" NOT NULL,
  type           TEXT COLLATE "C" NOT NULL,
  subject        TEXT COLLATE "C",
  event_time     TEXT COLLATE "C",
  correlation_id TEXT COLLATE "C",
  content_type   TEXT COLLATE "C",
  extras         TEXT COLLATE "C",
  data           BYTEA,
  key_id         TEXT COLLATE "C"
);
CREATE INDEX ${index}event_type ON ${prefix}event (space, type, position);
CREATE INDEX ${index}event_subject ON ${prefix}event (space, subject, position) WHERE subject IS NOT NULL;
CREATE INDEX ${index}event_chain ON ${prefix}event (space, correlation_id) WHERE correlation_id IS NOT NULL;
CREATE INDEX ${index}event_recorded ON ${prefix}event USING BRIN (recorded_at) WITH (pages_per_range = 16);
-- the data of most events is compressed by nobody's wish, and costs its emitter
ALTER TABLE ${prefix}event ALTER COLUMN data SET STORAGE EXTERNAL;

CREATE TABLE ${prefix}delivery (
  instance        TEXT COLLATE "C" NOT NULL,
  number          BIGINT NOT NULL,
  token           BIGINT NOT NULL,
  holder          TEXT COLLATE "C" NOT NULL,
  event_position  BIGINT NOT NULL,
  space           TEXT COLLATE "C" NOT NULL,
  subscription_id TEXT COLLATE "C" NOT NULL,
  function_id     TEXT COLLATE "C" NOT NULL,
  order_key       TEXT COLLATE "C",
  accepted_at     BIGINT NOT NULL,
  not_before      BIGINT,
  expires_at      BIGINT,
  due_at          BIGINT NOT NULL,
  attempts        TEXT COLLATE "C",
  replay          TEXT COLLATE "C",
  held_since      BIGINT,
  PRIMARY KEY (instance, number)
) WITH (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 5000, autovacuum_analyze_scale_factor = 0.05);
-- most deliveries are in their first lease until they end, and in none of these two
CREATE INDEX ${index}delivery_free ON ${prefix}delivery (space, function_id, due_at) WHERE holder = '';
CREATE INDEX ${index}delivery_taken ON ${prefix}delivery (holder, event_position) WHERE holder <> '' AND holder <> instance;
CREATE INDEX ${index}delivery_event ON ${prefix}delivery (event_position);
CREATE INDEX ${index}delivery_key ON ${prefix}delivery (space, subscription_id, order_key, event_position)
  WHERE order_key IS NOT NULL;

CREATE TABLE ${prefix}dead_letter (
  sequence        BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  instance        TEXT COLLATE "C" NOT NULL,
  number          BIGINT NOT NULL,
  token           BIGINT NOT NULL,
  event_position  BIGINT NOT NULL,
  space           TEXT COLLATE "C" NOT NULL,
  subscription_id TEXT COLLATE "C" NOT NULL,
  function_id     TEXT COLLATE "C" NOT NULL,
  event_type      TEXT COLLATE "C" NOT NULL,
  order_key       TEXT COLLATE "C",
  reason          TEXT COLLATE "C" NOT NULL,
  message         TEXT COLLATE "C" NOT NULL,
  attempts        TEXT COLLATE "C" NOT NULL,
  replay          TEXT COLLATE "C",
  given_up_at     BIGINT NOT NULL,
  UNIQUE (instance, number)
);
CREATE INDEX ${index}dead_letter_space ON ${prefix}dead_letter (space, sequence);
CREATE INDEX ${index}dead_letter_event ON ${prefix}dead_letter (event_position);

CREATE TABLE ${prefix}turn (
  space           TEXT COLLATE "C" NOT NULL,
  subscription_id TEXT COLLATE "C" NOT NULL,
  turn_key        TEXT COLLATE "C" NOT NULL,
  instance        TEXT COLLATE "C" NOT NULL,
  number          BIGINT NOT NULL,
  token           BIGINT NOT NULL,
  held            SMALLINT NOT NULL,
  PRIMARY KEY (space, subscription_id, turn_key)
);
CREATE INDEX ${index}turn_delivery ON ${prefix}turn (instance, number);

CREATE TABLE ${prefix}gateway (
  id          TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  alive_until BIGINT NOT NULL,
  gone        SMALLINT NOT NULL
);

CREATE TABLE ${prefix}consumer (
  space    TEXT COLLATE "C" NOT NULL,
  name     TEXT COLLATE "C" NOT NULL,
  position BIGINT NOT NULL,
  PRIMARY KEY (space, name)
);

CREATE TABLE ${prefix}registration (
  kind    TEXT COLLATE "C" NOT NULL,
  space   TEXT COLLATE "C" NOT NULL,
  id      TEXT COLLATE "C" NOT NULL,
  version BIGINT NOT NULL,
  body    TEXT COLLATE "C",
  PRIMARY KEY (kind, space, id)
);
CREATE UNIQUE INDEX ${index}registration_version ON ${prefix}registration (version);

CREATE TABLE ${prefix}revision (
  name    TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL
);
INSERT INTO ${prefix}revision (name, version) VALUES ('schema', 1);
INSERT INTO ${prefix}revision (name, version) VALUES ('registration', 0);
INSERT INTO ${prefix}revision (name, version) VALUES ('forgotten', 0);
