package io.eventgateway.invokers.client;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import okhttp3.Headers;
import okhttp3.Request;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class AnswersTest {
    @Test
    void aRedirectOfATypeWithoutASettingForThemIsNotToldOne() {
        Request request = new Request.Builder().url("http://localhost/").build();
        Answer answer = new Answer(new Sent("function 'f'", request, Set.of()), 307, Headers.EMPTY, new byte[0], null);

        assertThatThrownBy(() -> Answers.result(answer, JsonMapper.shared()))
                .hasMessageContaining("redirects are not followed")
                .hasMessageNotContaining("followRedirects");
    }
}
