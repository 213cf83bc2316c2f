-- EventGateway, version 2 of its tables, for H2 2.2 and later.
-- It only adds, so processes of version 1 go on beside it. Times are microseconds since 1970, by the database's clock.

-- Deliveries that ended in another way than by being delivered, for those who ask where they are.
CREATE TABLE IF NOT EXISTS ${prefix}ended (
  instance VARCHAR(256) NOT NULL,
  number   BIGINT NOT NULL,
  state    VARCHAR(256) NOT NULL,
  ended_at BIGINT NOT NULL,
  PRIMARY KEY (instance, number)
);

-- Events that a function with a database has handled, written in its own transaction. The key is a digest of source and id.
CREATE TABLE IF NOT EXISTS ${prefix}inbox (
  space           VARCHAR(256) NOT NULL,
  subscription_id VARCHAR(256) NOT NULL,
  event_key       VARCHAR(256) NOT NULL,
  handled_at      BIGINT NOT NULL,
  PRIMARY KEY (space, subscription_id, event_key)
);

-- What de-duplication has seen, until its window ends. The key is a digest.
CREATE TABLE IF NOT EXISTS ${prefix}seen (
  space      VARCHAR(256) NOT NULL,
  event_key  VARCHAR(256) NOT NULL,
  expires_at BIGINT NOT NULL,
  PRIMARY KEY (space, event_key)
);

-- Rate limits that gateways share: when the next token of a bucket is free.
CREATE TABLE IF NOT EXISTS ${prefix}bucket (
  space           VARCHAR(256) NOT NULL,
  subscription_id VARCHAR(256) NOT NULL,
  bucket_key      VARCHAR(256) NOT NULL,
  free_at         BIGINT NOT NULL,
  PRIMARY KEY (space, subscription_id, bucket_key)
);

-- Which functions gateways can call. An own function is one that no other process could ever register.
CREATE TABLE IF NOT EXISTS ${prefix}handler (
  space       VARCHAR(256) NOT NULL,
  function_id VARCHAR(256) NOT NULL,
  holder      VARCHAR(256) NOT NULL,
  is_own      SMALLINT NOT NULL,
  has_left    SMALLINT NOT NULL,
  PRIMARY KEY (space, function_id, holder)
);

CREATE INDEX IF NOT EXISTS ${index}ended_at ON ${prefix}ended (ended_at);
CREATE INDEX IF NOT EXISTS ${index}handler_holder ON ${prefix}handler (holder);
CREATE INDEX IF NOT EXISTS ${index}inbox_handled ON ${prefix}inbox (handled_at);
CREATE INDEX IF NOT EXISTS ${index}seen_expires ON ${prefix}seen (expires_at);

UPDATE ${prefix}revision SET version = 2 WHERE name = 'schema';
