package io.eventgateway.jdbc;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A test that takes a database and runs on each of them: on MariaDB in the profile {@code servers}, else on the others. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ParameterizedTest
@MethodSource("io.eventgateway.jdbc.TestDatabase#ofThisRun")
@Tag("databases")
@interface OnEachDatabase {}
