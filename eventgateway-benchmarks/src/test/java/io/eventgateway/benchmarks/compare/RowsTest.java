package io.eventgateway.benchmarks.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

class RowsTest {
    private static Stream<Source.Jmh> benchmarks() {
        return Rows.all().stream()
                .flatMap(row -> row.contenders().stream())
                .map(Contender::source)
                .filter(Source.Jmh.class::isInstance)
                .map(Source.Jmh.class::cast);
    }

    private static Class<?> type(Source.Jmh source) throws ClassNotFoundException {
        String name = JmhRuns.name(source);
        return Class.forName(name.substring(0, name.lastIndexOf('.')));
    }

    @Test
    void haveIdsOfTheirOwn() {
        assertThat(Rows.all().stream().map(Row::id)).doesNotHaveDuplicates();
    }

    @Test
    void nameBenchmarksThatThereAre() throws Exception {
        for (Source.Jmh source : benchmarks().toList()) {
            String method = source.benchmark().substring(source.benchmark().lastIndexOf('.') + 1);
            assertThat(type(source).getMethods())
                    .filteredOn(each -> each.isAnnotationPresent(Benchmark.class))
                    .extracting(Method::getName)
                    .as(source.benchmark())
                    .contains(method);
        }
    }

    /** One that is not given would be measured with each of its values. */
    @Test
    void giveEveryParameterAValue() throws Exception {
        for (Source.Jmh source : benchmarks().toList()) {
            List<String> parameters = Arrays.stream(type(source).getDeclaredFields())
                    .filter(each -> each.isAnnotationPresent(Param.class))
                    .map(Field::getName)
                    .toList();
            assertThat(source.params().keySet())
                    .as(source.key())
                    .containsAll(parameters)
                    .allMatch(name -> parameters.contains(name) || name.equals("profile"));
        }
    }

    @Test
    void standEachInASectionOfThePage() throws IOException {
        Set<String> sections = new TreeSet<>();
        Rows.all().forEach(row -> sections.add("{{rows." + row.section() + "}}"));

        String template = Page.template();
        assertThat(template).contains(sections);
        assertThat(Stream.of(template.split("(?=\\{\\{rows\\.)")).skip(1).count())
                .isEqualTo(sections.size());
    }
}
