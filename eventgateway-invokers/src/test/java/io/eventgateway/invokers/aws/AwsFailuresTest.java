package io.eventgateway.invokers.aws;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventgateway.InvocationException;
import io.eventgateway.http.NetworkPolicy;
import io.eventgateway.spi.Secret;
import java.net.ConnectException;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

class AwsFailuresTest {
    private static final String TOKEN = "s3ss10n+token/";
    private final AwsFailures failures = new AwsFailures(
            "f",
            "SQS",
            new AwsAccess(
                    "us-east-1",
                    null,
                    Secret.of("key-of-ours"),
                    Secret.of("s3cret"),
                    Secret.of(TOKEN),
                    NetworkPolicy.anywhere()));

    private InvocationException refused(int status, String code, String message) {
        return failures.of(AwsServiceException.builder()
                .statusCode(status)
                .awsErrorDetails(AwsErrorDetails.builder()
                        .errorCode(code)
                        .errorMessage(message)
                        .build())
                .build());
    }

    @Test
    void showNoCredentialsThatAServiceEchoes() {
        String echoed =
                "you sent AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261201/us-east-1/sqs/aws4_request, Signature=0a1b2c, "
                        + TOKEN + " and key-of-ours and ASIAQWERTYUIOPASDF and " + "x".repeat(200);

        assertThat(refused(400, "InvalidParameterValue", echoed).getMessage())
                .contains("InvalidParameterValue you sent", "Credential=***", "Signature=***")
                .doesNotContain("AKIDEXAMPLE", "0a1b2c", TOKEN, "key-of-ours", "ASIA", "xxxx");
        assertThat(failures.ofEntry("InternalError", "token " + TOKEN, false).getMessage())
                .endsWith("InternalError token ***");
        assertThat(failures.of(new IllegalStateException("token " + TOKEN)))
                .hasNoCause()
                .hasMessageNotContaining(TOKEN);
    }

    @Test
    void sayTheStatusWhereTheServiceSaysNothing() {
        assertThat(failures.of(AwsServiceException.builder().statusCode(500).build()))
                .hasMessage("SQS refused to call function 'f' with status 500");
    }

    @Test
    void sayThatAServiceWasNotReachedOnlyWhereNoConnectionWasMade() {
        InvocationException unreached = failures.of(new IllegalStateException(new ConnectException("refused")));
        InvocationException unread = failures.of(new IllegalStateException("no JSON"));

        assertThat(unreached).hasMessageContaining("was not reached");
        assertThat(unreached.kind()).isEqualTo(InvocationException.Kind.CALL_FAILED);
        assertThat(unread).hasMessageContaining("gave no answer that can be read");
        assertThat(unread.kind()).isEqualTo(InvocationException.Kind.PROVIDER_ERROR);
        assertThat(unread.retryable()).isTrue();
    }
}
