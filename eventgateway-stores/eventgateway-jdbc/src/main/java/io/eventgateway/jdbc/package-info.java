/** The stores of a gateway on a relational database: PostgreSQL, MySQL, MariaDB or H2. {@link JdbcStores} is where to begin. */
@NullMarked
package io.eventgateway.jdbc;

import org.jspecify.annotations.NullMarked;
