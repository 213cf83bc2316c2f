-- EventGateway, version 2 of its tables, for MySQL 8.0.17 and later and MariaDB 10.6 and later.
-- It only adds, so processes of version 1 go on beside it. Times are microseconds since 1970, by the database's clock.

-- Deliveries that ended in another way than by being delivered, for those who ask where they are.
CREATE TABLE IF NOT EXISTS ${prefix}ended (
  instance VARCHAR(256) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  number   BIGINT NOT NULL,
  state    VARCHAR(256) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  ended_at BIGINT NOT NULL,
  PRIMARY KEY (instance, number),
  INDEX ${index}ended_at (ended_at)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE ${collation};

-- Events that a function with a database has handled, written in its own transaction. The key is a digest of source and id.
CREATE TABLE IF NOT EXISTS ${prefix}inbox (
  space           VARCHAR(256) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  subscription_id VARCHAR(256) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  event_key       VARCHAR(256) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  handled_at      BIGINT NOT NULL,
  PRIMARY KEY (space, subscription_id, event_key),
  INDEX ${index}inbox_handled (handled_at)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE ${collation};

-- What de-duplication has seen, until its window ends. The key is a digest.
CREATE TABLE IF NOT EXISTS ${prefix}seen (
  space      VARCHAR(256) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  event_key  VARCHAR(256) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  expires_at BIGINT NOT NULL,
  PRIMARY KEY (space, event_key),
  INDEX ${index}seen_expires (expires_at)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE ${collation};

-- Rate limits that gateways share: when the next token of a bucket is free.
CREATE TABLE IF NOT EXISTS ${prefix}bucket (
  space           VARCHAR(256) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  subscription_id VARCHAR(256) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  bucket_key      VARCHAR(256) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  free_at         BIGINT NOT NULL,
  PRIMARY KEY (space, subscription_id, bucket_key)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE ${collation};

-- Which functions gateways can call. An own function is one that no other process could ever register.
CREATE TABLE IF NOT EXISTS ${prefix}handler (
  space       VARCHAR(256) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  function_id VARCHAR(256) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  holder      VARCHAR(256) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  is_own      SMALLINT NOT NULL,
  has_left    SMALLINT NOT NULL,
  PRIMARY KEY (space, function_id, holder),
  INDEX ${index}handler_holder (holder)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE ${collation};

UPDATE ${prefix}revision SET version = 2 WHERE name = 'schema';
