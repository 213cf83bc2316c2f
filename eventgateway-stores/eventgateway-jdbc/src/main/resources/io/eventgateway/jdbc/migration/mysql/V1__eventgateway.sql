-- EventGateway, version 1 of its tables, for MySQL 8.0.17 and later and MariaDB 10.6 and later.
-- ${collation} compares by code points and does not pad with spaces: utf8mb4_nopad_bin on MariaDB, utf8mb4_0900_bin on MySQL.
-- ${prefix} is put before each name: a schema and a dot, a prefix, or both. Times are microseconds since 1970, by the database's clock.

CREATE TABLE ${prefix}event (
  position       BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  recorded_at    BIGINT NOT NULL,
  space          VARCHAR(256) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  event_id       VARCHAR(512) NOT NULL,
  source         VARCHAR(1024) NOT NULL,
  type           VARCHAR(512) NOT NULL,
  subject        VARCHAR(1024),
  event_time     VARCHAR(256),
  correlation_id VARCHAR(512),
  content_type   VARCHAR(256),
  extras         LONGTEXT,
  data           LONGBLOB,
  key_id         VARCHAR(256)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE ${collation};
CREATE INDEX ${index}event_type ON ${prefix}event (space, type(128), position);
CREATE INDEX ${index}event_subject ON ${prefix}event (space, subject(128), position);
CREATE INDEX ${index}event_chain ON ${prefix}event (space, correlation_id(64));
CREATE INDEX ${index}event_recorded ON ${prefix}event (recorded_at);

CREATE TABLE ${prefix}delivery (
  instance        VARCHAR(256) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  number          BIGINT NOT NULL,
  token           BIGINT NOT NULL,
  holder          VARCHAR(256) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  event_position  BIGINT NOT NULL,
  space           VARCHAR(256) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  subscription_id VARCHAR(256) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  function_id     VARCHAR(256) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  order_key       VARCHAR(256),
  accepted_at     BIGINT NOT NULL,
  not_before      BIGINT,
  expires_at      BIGINT,
  due_at          BIGINT NOT NULL,
  attempts        LONGTEXT,
  replay          VARCHAR(256),
  held_since      BIGINT,
  PRIMARY KEY (instance, number)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE ${collation};
CREATE INDEX ${index}delivery_claim ON ${prefix}delivery (holder, space, function_id, due_at);
CREATE INDEX ${index}delivery_event ON ${prefix}delivery (event_position);
CREATE INDEX ${index}delivery_key ON ${prefix}delivery (space, subscription_id, order_key, event_position);

CREATE TABLE ${prefix}dead_letter (
  sequence        BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  instance        VARCHAR(256) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  number          BIGINT NOT NULL,
  token           BIGINT NOT NULL,
  event_position  BIGINT NOT NULL,
  space           VARCHAR(256) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  subscription_id VARCHAR(256) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  function_id     VARCHAR(256) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  event_type      VARCHAR(512) NOT NULL,
  order_key       VARCHAR(256),
  reason          VARCHAR(256) NOT NULL,
  message         LONGTEXT NOT NULL,
  attempts        LONGTEXT NOT NULL,
  replay          VARCHAR(256),
  given_up_at     BIGINT NOT NULL,
  UNIQUE (instance, number)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE ${collation};
CREATE INDEX ${index}dead_letter_space ON ${prefix}dead_letter (space, sequence);
CREATE INDEX ${index}dead_letter_event ON ${prefix}dead_letter (event_position);

CREATE TABLE ${prefix}turn (
  space           VARCHAR(256) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  subscription_id VARCHAR(256) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  turn_key        VARCHAR(256) NOT NULL,
  instance        VARCHAR(256) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  number          BIGINT NOT NULL,
  token           BIGINT NOT NULL,
  held            SMALLINT NOT NULL,
  PRIMARY KEY (space, subscription_id, turn_key)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE ${collation};
CREATE INDEX ${index}turn_delivery ON ${prefix}turn (instance, number);

CREATE TABLE ${prefix}gateway (
  id          VARCHAR(256) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
  alive_until BIGINT NOT NULL,
  gone        SMALLINT NOT NULL
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE ${collation};

CREATE TABLE ${prefix}consumer (
  space    VARCHAR(256) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  name     VARCHAR(256) NOT NULL,
  position BIGINT NOT NULL,
  PRIMARY KEY (space, name)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE ${collation};

CREATE TABLE ${prefix}registration (
  kind    VARCHAR(256) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  space   VARCHAR(256) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  id      VARCHAR(256) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  version BIGINT NOT NULL,
  body   LONGTEXT,
  PRIMARY KEY (kind, space, id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE ${collation};
CREATE UNIQUE INDEX ${index}registration_version ON ${prefix}registration (version);

CREATE TABLE ${prefix}revision (
  name    VARCHAR(256) NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE ${collation};
INSERT INTO ${prefix}revision (name, version) VALUES ('schema', 1);
INSERT INTO ${prefix}revision (name, version) VALUES ('registration', 0);
INSERT INTO ${prefix}revision (name, version) VALUES ('forgotten', 0);
