-- EventGateway, version 2 of its tables, for PostgreSQL 13 and later.
-- It only adds, so processes of version 1 go on beside it. Times are microseconds since 1970, by the database's clock.

-- Deliveries that ended in another way than by being delivered, for those who ask where they are.
CREATE TABLE IF NOT EXISTS ${prefix}ended (
  instance TEXT COLLATE "C" NOT NULL,
  number   BIGINT NOT NULL,
  state    TEXT COLLATE "C" NOT NULL,
  ended_at BIGINT NOT NULL,
  PRIMARY KEY (instance, number)
);

-- Events that a function with a database has handled, written in its own transaction. The key is a digest of source and id.
CREATE TABLE IF NOT EXISTS ${prefix}inbox (
  space           TEXT COLLATE "C" NOT NULL,
  subscription_id TEXT COLLATE "C" NOT NULL,
  event_key       TEXT COLLATE "C" NOT NULL,
  handled_at      BIGINT NOT NULL,
  PRIMARY KEY (space, subscription_id, event_key)
);

-- What de-duplication has seen, until its window ends. The key is a digest.
CREATE TABLE IF NOT EXISTS ${prefix}seen (
  space      TEXT COLLATE "C" NOT NULL,
  event_key  TEXT COLLATE "C" NOT NULL,
  expires_at BIGINT NOT NULL,
  PRIMARY KEY (space, event_key)
);

-- Rate limits that gateways share: when the next token of a bucket is free.
CREATE TABLE IF NOT EXISTS ${prefix}bucket (
  space           TEXT COLLATE "C" NOT NULL,
  subscription_id TEXT COLLATE "C" NOT NULL,
  bucket_key      TEXT COLLATE "C" NOT NULL,
  free_at         BIGINT NOT NULL,
  PRIMARY KEY (space, subscription_id, bucket_key)
);

-- Which functions gateways can call. An own function is one that no other process could ever register.
CREATE TABLE IF NOT EXISTS ${prefix}handler (
  space       TEXT COLLATE "C" NOT NULL,
  function_id TEXT COLLATE "C" NOT NULL,
  holder      TEXT COLLATE "C" NOT NULL,
  is_own      SMALLINT NOT NULL,
  has_left    SMALLINT NOT NULL,
  PRIMARY KEY (space, function_id, holder)
);

CREATE INDEX IF NOT EXISTS ${index}ended_at ON ${prefix}ended (ended_at);
CREATE INDEX IF NOT EXISTS ${index}handler_holder ON ${prefix}handler (holder);
CREATE INDEX IF NOT EXISTS ${index}inbox_handled ON ${prefix}inbox (handled_at);
CREATE INDEX IF NOT EXISTS ${index}seen_expires ON ${prefix}seen (expires_at);

UPDATE ${prefix}revision SET version = 2 WHERE name = 'schema';
